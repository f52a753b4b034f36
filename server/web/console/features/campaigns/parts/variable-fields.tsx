import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Input } from "@/kit/input";
import { Select } from "@/kit/select";
import { one } from "@/shared/api/queries";
import type { Contact, Page } from "@/shared/api/types";
import type { Template } from "@/shared/api/types-outreach";
import { useCan } from "@/shared/permissions/use-can";
import { type Source, sourceOf, textOf } from "@/shared/templates/placeholders";
import { valueFor } from "@/shared/templates/template";

const FIXED = "fixed";
const STANDARD = ["name", "phone", "email"];

/** Details that contacts have, learned from those who changed last. */
function useFieldNames(): string[] {
  const may = useCan("contacts.view");
  const { data } = useQuery({ ...one<Page<Contact>>("/contacts", { limit: 100 }), enabled: may });
  return useMemo(
    () =>
      [...new Set(data?.data.flatMap((row) => Object.keys(row.fields)) ?? [])]
        .sort()
        .map((name) => `fields.${name}`),
    [data],
  );
}

/** Where each of the template's values comes from: a contact's field with a word for those who lack it, or a fixed text. */
export function VariableFields({
  template,
  values,
  onChange,
}: {
  template: Template;
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
}) {
  const { t } = useTranslation();
  const fields = useFieldNames();
  if (template.variables.length === 0) return <p className="text-ink-2">{t("campaigns.no_variables")}</p>;
  return (
    <ul className="space-y-3">
      {template.variables.map((variable) => {
        const source = sourceOf(valueFor(variable, values));
        const set = (next: Source) => onChange({ ...values, [variable.key]: textOf(next) });
        const known =
          source.kind === "field" ? [...STANDARD, ...fields, source.value] : [...STANDARD, ...fields];
        const label = t(`inbox.variable_${variable.component}`, { name: variable.name });
        return (
          <li key={variable.key} className="rounded-xl border border-line bg-surface p-3">
            <p className="mb-2 text-compact font-semibold">
              {label}
              {variable.sample && (
                <span className="ms-2 font-normal text-ink-3">
                  {t("campaigns.sample", { sample: variable.sample })}
                </span>
              )}
            </p>
            <div className="grid gap-2 sm:grid-cols-2">
              <Select
                aria-label={t("campaigns.source_of", { name: label })}
                value={source.kind === "field" ? source.value : FIXED}
                onValueChange={(value) =>
                  set(
                    value === FIXED
                      ? { kind: "text", value: "", fallback: "" }
                      : { kind: "field", value, fallback: source.fallback },
                  )
                }
                options={[
                  { value: FIXED, label: t("campaigns.source_fixed") },
                  ...[...new Set(known)].map((value) => ({
                    value,
                    label: STANDARD.includes(value)
                      ? t(`campaigns.source_${value}`)
                      : t("campaigns.source_field", { name: value.replace("fields.", "") }),
                  })),
                ]}
              />
              {source.kind === "field" ? (
                <Input
                  dir="auto"
                  value={source.fallback}
                  aria-label={t("campaigns.fallback_of", { name: label })}
                  placeholder={t("campaigns.fallback")}
                  onChange={(event) => set({ ...source, fallback: event.target.value })}
                />
              ) : (
                <Input
                  dir="auto"
                  value={source.value}
                  aria-label={t("campaigns.text_of", { name: label })}
                  placeholder={variable.sample ?? t("campaigns.fixed_text")}
                  onChange={(event) => set({ ...source, value: event.target.value })}
                />
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
