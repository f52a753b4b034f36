import { useTranslation } from "react-i18next";
import { Field } from "@/kit/field";
import { Input } from "@/kit/input";
import { Card } from "@/kit/page-header";
import { Segmented } from "@/kit/segmented";
import type { CampaignInput } from "@/shared/api/types-outreach";
import { useFormat } from "@/shared/format/use-format";
import { localIn, momentIn } from "../zone";

const HOUR = 3_600_000;

/** Now or at a time in the zone of the business, and how fast. */
export function TimeAndSpeed({
  input,
  limit,
  onChange,
}: {
  input: CampaignInput;
  limit: number | null;
  onChange: (part: Partial<CampaignInput>) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const past = input.scheduled_at ? Date.parse(input.scheduled_at) < Date.now() : false;
  return (
    <Card title={t("campaigns.time")}>
      <div className="space-y-4">
        <Segmented
          label={t("campaigns.time")}
          value={input.scheduled_at ? "later" : "now"}
          options={[
            { value: "now", label: t("campaigns.now") },
            { value: "later", label: t("campaigns.later") },
          ]}
          onValueChange={(value) =>
            onChange({ scheduled_at: value === "now" ? null : new Date(nextHour()).toISOString() })
          }
        />
        {input.scheduled_at && (
          <Field
            label={t("campaigns.at")}
            help={t("campaigns.zone", { zone: format.zone })}
            error={past ? t("campaigns.in_past") : undefined}
            className="max-w-72"
          >
            <Input
              type="datetime-local"
              value={localIn(format.zone, input.scheduled_at)}
              onChange={(event) => {
                const moment = momentIn(format.zone, event.target.value);
                if (moment) onChange({ scheduled_at: moment });
              }}
            />
          </Field>
        )}
        <Field
          label={t("campaigns.rate")}
          help={limit === null ? t("campaigns.rate_help") : t("campaigns.rate_limit", { count: limit })}
          className="max-w-72"
        >
          <Input
            type="number"
            inputMode="numeric"
            min={1}
            max={limit ?? undefined}
            dir="ltr"
            className="text-start"
            value={input.rate ?? ""}
            placeholder={t("campaigns.rate_free")}
            onChange={(event) => {
              const rate = Number.parseInt(event.target.value, 10);
              onChange({ rate: Number.isFinite(rate) && rate > 0 ? Math.min(rate, limit ?? rate) : null });
            }}
          />
        </Field>
      </div>
    </Card>
  );
}

/** The full hour after the next, so that there is time to think. */
const nextHour = () => Math.ceil(Date.now() / HOUR) * HOUR + HOUR;
