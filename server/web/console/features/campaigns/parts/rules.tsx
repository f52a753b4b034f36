import { useTranslation } from "react-i18next";
import { Field } from "@/kit/field";
import { Input } from "@/kit/input";
import { Card } from "@/kit/page-header";
import { Segmented } from "@/kit/segmented";
import type { CampaignInput, CampaignRules, Template } from "@/shared/api/types-outreach";
import { useFormat } from "@/shared/format/use-format";
import { localIn, momentIn } from "../zone";
import { OtherWays } from "./other-ways";

const LATE = ["ask", "start", "skip"] as const;
const TRIES = [0, 1, 2, 3] as const;

/** What the campaign does when things do not go as planned: a missed start, an end, people whom Meta holds back. */
export function Rules({
  input,
  template,
  onChange,
}: {
  input: CampaignInput;
  template: Template | undefined;
  onChange: (part: Partial<CampaignInput>) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { rules } = input;
  const change = (part: Partial<CampaignRules>) => onChange({ rules: { ...rules, ...part } });
  const start = input.scheduled_at ? Date.parse(input.scheduled_at) : Date.now();
  const tooEarly = rules.deadline ? Date.parse(rules.deadline) <= start : false;
  return (
    <Card title={t("campaigns.rules")} text={t("campaigns.rules_text")}>
      <div className="space-y-4">
        {input.scheduled_at && (
          <Field label={t("campaigns.late_title")} help={t(`campaigns.late_${rules.late_start}_help`)}>
            <Segmented
              label={t("campaigns.late_title")}
              value={rules.late_start}
              options={LATE.map((value) => ({ value, label: t(`campaigns.late_${value}`) }))}
              onValueChange={(late_start) => change({ late_start })}
            />
          </Field>
        )}
        <Field
          label={t("campaigns.deadline")}
          help={t("campaigns.deadline_help", { zone: format.zone })}
          error={tooEarly ? t("campaigns.deadline_early") : undefined}
          className="max-w-72"
        >
          <Input
            type="datetime-local"
            value={rules.deadline ? localIn(format.zone, rules.deadline) : ""}
            onChange={(event) => {
              const moment = momentIn(format.zone, event.target.value);
              if (moment || event.target.value === "") change({ deadline: moment ?? null });
            }}
          />
        </Field>
        <Field label={t("campaigns.held_back")} help={t("campaigns.held_back_help")}>
          <Segmented
            label={t("campaigns.held_back")}
            value={String(rules.hold_back_tries)}
            options={TRIES.map((n) => ({
              value: String(n),
              label: n === 0 ? t("campaigns.held_back_never") : format.number(n),
            }))}
            onValueChange={(n) => change({ hold_back_tries: Number(n) })}
          />
        </Field>
        <OtherWays rules={rules} template={template} onChange={change} />
      </div>
    </Card>
  );
}
