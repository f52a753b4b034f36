import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CheckboxField } from "@/kit/checkbox";
import { ErrorState } from "@/kit/error-state";
import { Field } from "@/kit/field";
import { Textarea } from "@/kit/input";
import { Card } from "@/kit/page-header";
import { Skeleton } from "@/kit/skeleton";
import type { Audience, CampaignInput } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { useGroups } from "@/shared/people/contact-api";
import { phonesOf } from "@/shared/people/phone-number";
import { TagEditor } from "@/shared/people/tag-editor";
import type { usePreview } from "../api";
import { Reductions, Samples } from "./samples";

/** Second step: whom it reaches, with every reduction told before anything is sent. */
export function StepAudience({
  input,
  preview,
  onChange,
}: {
  input: CampaignInput;
  preview: ReturnType<typeof usePreview>;
  onChange: (part: Partial<CampaignInput>) => void;
}) {
  const { t } = useTranslation();
  const { audience } = input;
  const set = (part: Partial<Audience>) => onChange({ audience: { ...audience, ...part } });
  return (
    <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_300px]">
      <div className="min-w-0 space-y-5">
        <GroupChoice chosen={audience.group_ids} onChange={(group_ids) => set({ group_ids })} />
        <Card title={t("campaigns.by_tags")} text={t("campaigns.by_tags_text")}>
          <TagEditor tags={audience.tags} onChange={(tags) => set({ tags })} />
        </Card>
        <Pasted phones={audience.phones} onChange={(phones) => set({ phones })} />
      </div>
      <div className="space-y-5">
        <Card title={t("campaigns.people")}>
          <Reductions preview={preview} />
        </Card>
        <Samples preview={preview} />
      </div>
    </div>
  );
}

function GroupChoice({ chosen, onChange }: { chosen: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const groups = useGroups();
  return (
    <Card title={t("campaigns.by_groups")}>
      {groups.isPending && <Skeleton className="h-5 w-1/2" />}
      {groups.isError && (
        <ErrorState className="py-2" error={errorText(groups.error)} onRetry={() => void groups.refetch()} />
      )}
      {groups.data?.length === 0 && <p className="text-ink-2">{t("campaigns.no_groups")}</p>}
      <ul className="grid gap-2 sm:grid-cols-2">
        {groups.data?.map((group) => (
          <li key={group.id}>
            <CheckboxField
              label={<bdi>{group.name}</bdi>}
              help={t("campaigns.members", {
                count: group.member_count,
                n: format.number(group.member_count),
              })}
              checked={chosen.includes(group.id)}
              onCheckedChange={(on) =>
                onChange(on === true ? [...chosen, group.id] : chosen.filter((id) => id !== group.id))
              }
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Numbers from elsewhere: understood while they are pasted, and each that is not is named. */
function Pasted({ phones, onChange }: { phones: string[]; onChange: (phones: string[]) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState(() => phones.join("\n"));
  const read = phonesOf(text);
  return (
    <Card title={t("campaigns.by_numbers")}>
      <Field
        label={t("campaigns.numbers")}
        help={t("campaigns.numbers_help")}
        error={
          read.bad.length > 0
            ? t("campaigns.numbers_bad", {
                count: read.bad.length,
                n: format.number(read.bad.length),
                list: read.bad.slice(0, 5).join(" · "),
              })
            : undefined
        }
      >
        <Textarea
          dir="ltr"
          value={text}
          spellCheck={false}
          className="min-h-28 text-start font-mono text-compact"
          onChange={(event) => {
            setText(event.target.value);
            onChange(phonesOf(event.target.value).good);
          }}
        />
      </Field>
      {text.trim() !== "" && (
        <p role="status" className="mt-1.5 text-small text-ink-2">
          {t("campaigns.numbers_good", { count: read.good.length, n: format.number(read.good.length) })}
          {read.doubled > 0 &&
            ` · ${t("campaigns.numbers_doubled", { count: read.doubled, n: format.number(read.doubled) })}`}
        </p>
      )}
    </Card>
  );
}
