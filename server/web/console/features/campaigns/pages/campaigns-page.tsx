import { useTranslation } from "react-i18next";
import { Page } from "@/shared/page/page";

export function CampaignsPage() {
  const { t } = useTranslation();
  return <Page title={t("nav.campaigns")}>{null}</Page>;
}
