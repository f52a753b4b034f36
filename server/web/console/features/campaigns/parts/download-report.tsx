import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { toast } from "@/kit/toast";
import type { Campaign } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { useReport } from "../api";

/** Saves a table with what became of each person, for whoever may see the campaign. */
export function DownloadReport({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const report = useReport(campaign.id);
  const run = () =>
    report.mutate(undefined, {
      onError: (error) =>
        toast(t("campaigns.report_refused"), { text: errorText(error).message, tone: "bad" }),
    });
  return (
    <Button busy={report.isPending} onClick={run} className="max-md:size-11 max-md:p-0">
      <Download className="size-4" aria-hidden="true" />
      <span className="max-md:sr-only">{t("campaigns.report_download")}</span>
    </Button>
  );
}
