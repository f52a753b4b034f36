import { useTranslation } from "react-i18next";
import { Page } from "@/shared/page/page";

export function ContactsPage() {
  const { t } = useTranslation();
  return <Page title={t("nav.contacts")}>{null}</Page>;
}
