import { useTranslation } from "react-i18next";
import { Field } from "@/kit/field";
import { Input } from "@/kit/input";
import { Select } from "@/kit/select";
import type { CampaignInput, Template } from "@/shared/api/types-outreach";
import { useChannels } from "@/shared/channels/channels";
import { showPhone } from "@/shared/format/phone";
import { useSession } from "@/shared/session/session";
import { sourceOf } from "@/shared/templates/placeholders";
import { isNameVariable, type Values } from "@/shared/templates/template";
import { TemplateList } from "@/shared/templates/template-list";
import { TemplatePreview } from "@/shared/templates/template-preview";
import type { usePreview } from "../api";
import { withoutWays } from "../model";
import { Samples } from "./samples";
import { VariableFields } from "./variable-fields";

/** What is shown on the phone: fixed texts as they are, fields as their fallback or sample. */
function shownValues(template: Template, values: Record<string, string>): Values {
  const shown: Values = {};
  for (const variable of template.variables) {
    const source = sourceOf(values[variable.key] ?? "");
    shown[variable.key] = source.kind === "text" ? source.value : (variable.sample ?? source.fallback);
  }
  return shown;
}

/** First step: which template, and where its values come from. */
export function StepMessage({
  input,
  template,
  preview,
  onChange,
}: {
  input: CampaignInput;
  template: Template | undefined;
  preview: ReturnType<typeof usePreview>;
  onChange: (part: Partial<CampaignInput>) => void;
}) {
  const { t } = useTranslation();
  const { tenant } = useSession();
  const channels = useChannels().data ?? [];
  const channel = channels.find(({ id }) => id === (input.channel_id ?? template?.channel_id));

  const choose = (chosen: Template) => {
    const named = chosen.variables.find((variable) => isNameVariable(chosen, variable));
    onChange({
      template_id: chosen.id,
      rules: withoutWays(input.rules),
      channel_id: chosen.channel_id,
      name: input.name.trim() === "" ? chosen.name.replaceAll("_", " ") : input.name,
      variables: named ? { [named.key]: "{{name}}" } : {},
    });
  };
  return (
    <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_300px]">
      <div className="min-w-0 space-y-6">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("campaigns.name")} help={t("campaigns.name_help")} required>
            <Input
              dir="auto"
              value={input.name}
              maxLength={120}
              onChange={(event) => onChange({ name: event.target.value })}
            />
          </Field>
          {channels.length > 1 && (
            <Field label={t("campaigns.channel")}>
              <Select
                value={channel?.id}
                placeholder={t("campaigns.channel_any")}
                onValueChange={(id) =>
                  onChange({
                    channel_id: id,
                    template_id: "",
                    variables: {},
                    rules: withoutWays(input.rules),
                  })
                }
                options={channels.map((each) => ({
                  value: each.id,
                  label: `${each.name} · \u2066${showPhone(each.phone)}\u2069`,
                }))}
              />
            </Field>
          )}
        </div>
        <section>
          <h2 className="mb-2 text-[15px] font-bold">{t("campaigns.template")}</h2>
          <TemplateList
            channelId={input.channel_id ?? null}
            chosen={input.template_id || null}
            onChoose={choose}
            className="max-h-88"
          />
        </section>
        {template && (
          <section>
            <h2 className="mb-2 text-[15px] font-bold">{t("campaigns.values")}</h2>
            <VariableFields
              template={template}
              values={input.variables}
              onChange={(variables) => onChange({ variables })}
            />
          </section>
        )}
        {template && <Samples preview={preview} />}
      </div>
      <div>
        {template ? (
          <div className="xl:sticky xl:top-0">
            <TemplatePreview
              template={template}
              values={shownValues(template, input.variables)}
              business={channel?.verified_name ?? tenant?.name ?? ""}
            />
          </div>
        ) : (
          <p className="px-6 pt-16 text-center text-pretty text-ink-3 max-xl:hidden">
            {t("campaigns.pick_first")}
          </p>
        )}
      </div>
    </div>
  );
}
