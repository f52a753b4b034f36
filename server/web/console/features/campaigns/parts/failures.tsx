import { useTranslation } from "react-i18next";
import { Card } from "@/kit/page-header";
import type { Campaign } from "@/shared/api/types-outreach";
import { useFormat } from "@/shared/format/use-format";
import { useCause } from "@/shared/messages/use-cause";
import { useFailures } from "../api";
import { TryAgain } from "./try-again";

/** Whom the campaign did not reach: why, in plain words, how many each, and another try. Nobody: nothing shown. */
export function Failures({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const format = useFormat();
  const causeOf = useCause();
  const failures = useFailures(campaign.id).data?.data ?? [];
  const { unconfirmed } = campaign.counts;
  if (failures.length === 0 && unconfirmed === 0) return null;
  return (
    <Card title={t("campaigns.failures")}>
      <ul className="divide-y divide-line">
        {failures.map((failure) => {
          const cause = causeOf(failure);
          const n = format.number(failure.count);
          return (
            <li key={failure.code} className="flex flex-wrap gap-4 py-2.5">
              <span className="tabular min-w-8 text-title font-bold text-bad">{n}</span>
              <div className="min-w-48 flex-1">
                <p>{cause.message}</p>
                {cause.advice && <p className="text-compact text-ink-2">{cause.advice}</p>}
                <p className="font-mono text-micro text-ink-3" dir="ltr">
                  <bdi>{failure.code}</bdi>
                </p>
              </div>
              <TryAgain
                campaign={campaign}
                retry={{ states: ["failed"], codes: [failure.code] }}
                title={t("campaigns.again_title", { n })}
                text={t("campaigns.again_failed_text")}
              />
            </li>
          );
        })}
        {unconfirmed > 0 && (
          <li className="flex flex-wrap gap-4 py-2.5">
            <span className="tabular min-w-8 text-title font-bold text-warn">
              {format.number(unconfirmed)}
            </span>
            <p className="min-w-48 flex-1">{t("campaigns.unconfirmed_text")}</p>
            <TryAgain
              campaign={campaign}
              retry={{ states: ["unconfirmed"] }}
              title={t("campaigns.again_title", { n: format.number(unconfirmed) })}
              text={t("campaigns.again_unconfirmed_text")}
            />
          </li>
        )}
      </ul>
    </Card>
  );
}
