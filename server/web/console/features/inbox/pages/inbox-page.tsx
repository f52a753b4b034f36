import { useTranslation } from "react-i18next";
import { Page } from "@/shared/page/page";

export function InboxPage() {
  const { t } = useTranslation();
  return <Page title={t("nav.inbox")}>{null}</Page>;
}
