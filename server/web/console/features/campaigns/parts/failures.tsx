import { useTranslation } from "react-i18next";
import { Card } from "@/kit/page-header";
import { useFormat } from "@/shared/format/use-format";
import { useCause } from "@/shared/messages/use-cause";
import { useFailures } from "../api";

/** Why messages failed, in plain words, with how many each. Nothing failed: nothing shown. */
export function Failures({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const causeOf = useCause();
  const failures = useFailures(id).data?.data ?? [];
  if (failures.length === 0) return null;
  return (
    <Card title={t("campaigns.failures")}>
      <ul className="divide-y divide-line">
        {failures.map((failure) => {
          const cause = causeOf(failure);
          return (
            <li key={failure.code} className="flex gap-4 py-2.5">
              <span className="tabular min-w-8 text-title font-bold text-bad">
                {format.number(failure.count)}
              </span>
              <div className="min-w-0">
                <p>{cause.message}</p>
                {cause.advice && <p className="text-compact text-ink-2">{cause.advice}</p>}
                <p className="font-mono text-micro text-ink-3" dir="ltr">
                  <bdi>{failure.code}</bdi>
                </p>
              </div>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
