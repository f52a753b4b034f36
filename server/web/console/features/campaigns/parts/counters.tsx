import { useTranslation } from "react-i18next";
import { cn } from "@/kit/cn";
import { Card } from "@/kit/page-header";
import { PartsBar } from "@/kit/progress";
import type { Campaign, CampaignCounts } from "@/shared/api/types-outreach";
import { useFormat } from "@/shared/format/use-format";
import { partsOf } from "../model";

const SHOWN: (keyof CampaignCounts)[] = [
  "waiting",
  "sent",
  "delivered",
  "read",
  "failed",
  "skipped",
  "unknown",
  "unconfirmed",
];
const TONE: Partial<Record<keyof CampaignCounts, string>> = {
  failed: "text-bad",
  unknown: "text-warn",
  unconfirmed: "text-warn",
};

/** The whole audience as figures and as one bar. Sent counts delivered and read ones too, as the server does. */
export function Counters({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { counts } = campaign;
  return (
    <Card
      title={t("campaigns.people_total", { count: counts.total, n: format.number(counts.total) })}
      text={campaign.rate ? t("campaigns.rate_limit", { count: campaign.rate }) : undefined}
    >
      <dl className="mb-5 grid grid-cols-2 gap-x-4 gap-y-4 sm:grid-cols-4">
        {SHOWN.map((key) => (
          <div key={key} className="flex flex-col-reverse">
            <dt className="text-small text-ink-3">{t(`campaigns.count_${key}`)}</dt>
            <dd
              className={cn(
                "tabular text-[22px] font-bold leading-7",
                counts[key] > 0 ? TONE[key] : "text-ink-3",
              )}
            >
              {format.number(counts[key])}
            </dd>
          </div>
        ))}
      </dl>
      <PartsBar
        label={t("campaigns.progress")}
        format={format.number}
        parts={partsOf(counts).map((part) => ({ ...part, label: t(`campaigns.part_${part.key}`) }))}
      />
    </Card>
  );
}
