import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorNote } from "@/kit/error-state";
import { Skeleton } from "@/kit/skeleton";
import type { CampaignPreview } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { MessageText } from "@/shared/messages/message-text";
import { contactName } from "@/shared/people/name";
import { reductionsOf } from "../model";

type Preview = UseQueryResult<CampaignPreview>;

/** From those selected to those who get it, every term named. */
export function Reductions({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  if (preview.isError) return <ErrorNote error={errorText(preview.error)} />;
  if (!preview.data)
    return preview.isFetching ? (
      <Skeleton className="h-24 w-full" />
    ) : (
      <p className="text-pretty text-ink-2">{t("campaigns.nobody_yet")}</p>
    );
  const { selected, total } = preview.data;
  const row = (label: string, value: string, strong = false) => (
    <div
      key={label}
      className={
        strong
          ? "flex justify-between gap-4 border-t border-line pt-2 text-title font-bold"
          : "flex justify-between gap-4"
      }
    >
      <dt className={strong ? undefined : "text-ink-2"}>{label}</dt>
      <dd className="tabular">
        <bdi dir="ltr">{value}</bdi>
      </dd>
    </div>
  );
  return (
    <dl className="space-y-1.5" aria-busy={preview.isFetching} aria-live="polite">
      {row(t("campaigns.selected"), format.number(selected))}
      {reductionsOf(preview.data).map(({ key, value }) =>
        row(t(`campaigns.less_${key}`), `−\u2009${format.number(value)}`),
      )}
      {row(t("campaigns.receive"), format.number(total), true)}
    </dl>
  );
}

/** Up to five real people with their finished text. */
export function Samples({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  const samples = preview.data?.samples.slice(0, 5) ?? [];
  if (samples.length === 0) return null;
  return (
    <section>
      <h3 className="mb-2 text-compact font-bold">{t("campaigns.samples")}</h3>
      <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
        {samples.map((sample) => (
          <li key={`${sample.phone}${sample.name}`} className="px-3 py-2.5">
            <p className="text-small font-semibold text-ink-2">
              <bdi>{contactName(sample, t("campaigns.somebody"))}</bdi>
            </p>
            <MessageText text={sample.text} />
          </li>
        ))}
      </ul>
    </section>
  );
}
