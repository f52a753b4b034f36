import type { TFunction } from "i18next";
import { Meter } from "@/kit/progress";
import type { Column } from "@/kit/table-columns";
import type { Campaign } from "@/shared/api/types-outreach";
import type { useFormat } from "@/shared/format/use-format";
import { doneOf } from "../model";
import { StateChip } from "./state-chip";

type Format = ReturnType<typeof useFormat>;

/** The columns of the list of campaigns. A draft has no numbers yet, so it shows none. */
export function campaignColumns(t: TFunction, format: Format, now: number): Column<Campaign>[] {
  const share = (part: number, row: Campaign) =>
    row.counts.sent === 0 ? (
      <span className="text-ink-3">–</span>
    ) : (
      <span className="tabular">{format.percent(part / row.counts.sent)}</span>
    );
  return [
    {
      id: "name",
      header: t("campaigns.name"),
      width: 200,
      grow: 3,
      cell: (row) => (
        <span className="min-w-0">
          <span className="flex font-semibold">
            <bdi className="truncate">{row.name}</bdi>
          </span>
          <span className="block truncate text-small text-ink-3">
            <bdi>
              {row.template.name} · {row.template.language}
            </bdi>
          </span>
        </span>
      ),
    },
    { id: "state", header: t("campaigns.state"), width: 120, cell: (row) => <StateChip campaign={row} /> },
    {
      id: "progress",
      header: t("campaigns.progress"),
      width: 150,
      grow: 2,
      wide: true,
      cell: (row) =>
        row.counts.total === 0 ? (
          <span className="text-ink-3">–</span>
        ) : (
          <span className="flex w-full items-center gap-2.5">
            <Meter
              value={doneOf(row.counts)}
              max={row.counts.total}
              label={t("campaigns.progress")}
              text={t("campaigns.progress_of", {
                done: format.number(doneOf(row.counts)),
                total: format.number(row.counts.total),
              })}
              className="h-1.5 flex-1"
            />
            <span className="tabular shrink-0 text-small text-ink-2">{format.number(row.counts.total)}</span>
          </span>
        ),
    },
    {
      id: "delivered",
      header: t("campaigns.delivered"),
      width: 90,
      align: "end",
      wide: true,
      cell: (row) => share(row.counts.delivered, row),
    },
    {
      id: "read",
      header: t("campaigns.read"),
      width: 80,
      align: "end",
      wide: true,
      cell: (row) => share(row.counts.read, row),
    },
    {
      id: "failed",
      header: t("campaigns.failed"),
      width: 90,
      align: "end",
      wide: true,
      cell: (row) => (
        <span className={row.counts.failed > 0 ? "tabular font-semibold text-bad" : "tabular text-ink-3"}>
          {format.number(row.counts.failed)}
        </span>
      ),
    },
    {
      id: "when",
      header: t("campaigns.when"),
      width: 120,
      wide: true,
      cell: (row) => {
        const at = row.started_at ?? row.scheduled_at ?? row.created_at;
        return (
          <span className="min-w-0 text-ink-2" title={format.exact(at)}>
            <span className="block truncate">{format.short(at, now)}</span>
            <span className="block truncate text-small text-ink-3">
              <bdi>{row.created_by?.name}</bdi>
            </span>
          </span>
        );
      },
    },
  ];
}
