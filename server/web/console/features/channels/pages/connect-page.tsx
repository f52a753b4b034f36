import { useTranslation } from "react-i18next";
import { Page } from "@/shared/page/page";
export function ConnectPage() {
  const { t } = useTranslation();
  return <Page title={t("nav.channels")}>{null}</Page>;
}
