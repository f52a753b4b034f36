import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { CheckboxField } from "@/kit/checkbox";
import { Field } from "@/kit/field";
import { Select } from "@/kit/select";
import type { CampaignRules, Template } from "@/shared/api/types-outreach";
import { useUtilityTemplates } from "../api";
import { fillsFrom } from "../model";

const NONE = "none";

/** By which other ways somebody is tried whom WhatsApp holds back: only marketing is held back. */
export function OtherWays({
  rules,
  template,
  onChange,
}: {
  rules: CampaignRules;
  template: Template | undefined;
  onChange: (part: Partial<CampaignRules>) => void;
}) {
  const { t } = useTranslation();
  if (!template) return null;
  if (template.category !== "marketing")
    return <p className="text-small text-pretty text-ink-3">{t("campaigns.ways_marketing_only")}</p>;
  return (
    <>
      <CheckboxField
        label={t("campaigns.other_way")}
        help={t("campaigns.other_way_help")}
        checked={rules.marketing_messages}
        onCheckedChange={(on) => onChange({ marketing_messages: on === true })}
      />
      <Fallback rules={rules} template={template} onChange={onChange} />
    </>
  );
}

function Fallback({
  rules,
  template,
  onChange,
}: {
  rules: CampaignRules;
  template: Template;
  onChange: (part: Partial<CampaignRules>) => void;
}) {
  const { t } = useTranslation();
  const query = useUtilityTemplates(template.channel_id);
  const fitting = query.rows.filter((each) => fillsFrom(each, template));
  const chosen = rules.fallback_template_id;
  const empty = query.isSuccess && fitting.length === 0;
  if (query.isError)
    return (
      <div role="alert" className="flex flex-wrap items-center gap-3 text-bad">
        <span>{t("campaigns.fallback_error")}</span>
        <Button busy={query.isFetching} onClick={() => void query.refetch()}>
          {t("kit.retry")}
        </Button>
      </div>
    );
  return (
    <Field
      label={t("campaigns.fallback_title")}
      help={empty ? t("campaigns.fallback_empty") : t("campaigns.fallback_help")}
      className="max-w-96"
    >
      <Select
        value={query.isPending ? undefined : (chosen ?? NONE)}
        placeholder={t("kit.loading")}
        disabled={query.isPending || (empty && chosen === null)}
        onValueChange={(id) => onChange({ fallback_template_id: id === NONE ? null : id })}
        options={[
          { value: NONE, label: t("campaigns.fallback_none") },
          ...fitting.map(({ id, name, language }) => ({
            value: id,
            label: <bdi>{`${name} \u00b7 ${language}`}</bdi>,
          })),
        ]}
      />
    </Field>
  );
}
