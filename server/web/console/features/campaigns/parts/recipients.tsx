import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/kit/data-table";
import { EmptyState } from "@/kit/empty-state";
import { ErrorState } from "@/kit/error-state";
import { SearchInput } from "@/kit/input";
import { Select } from "@/kit/select";
import type { Column } from "@/kit/table-columns";
import { toast } from "@/kit/toast";
import type { MessageStatus } from "@/shared/api/types";
import type { Recipient } from "@/shared/api/types-outreach";
import { useErrorText } from "@/shared/api/use-error-text";
import { showPhone } from "@/shared/format/phone";
import { useFormat } from "@/shared/format/use-format";
import { useNow } from "@/shared/format/use-now";
import { StatusMark, useStatusWord } from "@/shared/messages/status-mark";
import { useCause } from "@/shared/messages/use-cause";
import { contactName } from "@/shared/people/name";
import { useSearchText } from "@/shared/use-search-text";
import { useRecipients } from "../api";

const ALL = "all";
const STATES: MessageStatus[] = [
  "queued",
  "sending",
  "accepted",
  "sent",
  "delivered",
  "read",
  "failed",
  "skipped",
  "ambiguous",
  "unconfirmed",
];
type Search = { state?: string; search?: string };

/** Each person with what became of their message; a row opens the conversation. */
export function Recipients({ id }: { id: string }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const word = useStatusWord();
  const address: Search = useSearch({ strict: false });
  const setAddress = useCallback(
    (change: Search) =>
      void navigate({
        to: ".",
        search: (old: Record<string, unknown>) => ({ ...old, ...change }),
        replace: true,
      }),
    [navigate],
  );
  const [search, setSearch] = useSearchText(address.search ?? "", (text) =>
    setAddress({ search: text || undefined }),
  );
  const query = useRecipients(id, { state: address.state, search: address.search });
  const columns = useColumns();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const open = (row: Recipient) => {
    if (row.conversation_id) void navigate({ to: "/app/inbox/$id", params: { id: row.conversation_id } });
    else toast(t("campaigns.no_conversation"));
  };
  return (
    <section
      aria-label={t("campaigns.recipients")}
      className="overflow-hidden rounded-2xl border border-line bg-surface"
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
        <h2 className="me-auto ps-2 text-[15px] font-bold">{t("campaigns.recipients")}</h2>
        <SearchInput
          value={search}
          onValueChange={setSearch}
          label={t("campaigns.search_people")}
          className="w-64 max-sm:w-full"
        />
        <Select
          aria-label={t("campaigns.state")}
          className="w-44 max-sm:w-full"
          value={address.state ?? ALL}
          onValueChange={(state) => setAddress({ state: state === ALL ? undefined : state })}
          options={[
            { value: ALL, label: t("campaigns.all_states") },
            ...STATES.map((state) => ({ value: state, label: word(state) })),
          ]}
        />
      </div>
      {query.isError && query.rows.length === 0 ? (
        <ErrorState
          error={errorText(query.error)}
          onRetry={() => void query.refetch()}
          busy={query.isFetching}
        />
      ) : (
        <DataTable
          label={t("campaigns.recipients")}
          columns={columns}
          rows={query.rows}
          getRowId={(row) => row.contact.id}
          onOpen={open}
          onEnd={more}
          loading={query.isPending}
          loadingMore={isFetchingNextPage}
          empty={<EmptyState art="none" className="py-8" title={t("campaigns.nobody_here")} />}
          className="max-h-[60dvh]"
        />
      )}
    </section>
  );
}

function useColumns(): Column<Recipient>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useStatusWord();
  const causeOf = useCause();
  const now = useNow();
  return useMemo(() => {
    const whyOf = ({ error, gave_up }: Recipient) =>
      [error && causeOf(error).message, gave_up && t(`campaigns.gave_up_${gave_up}`)]
        .filter(Boolean)
        .join(" ");
    return [
      {
        id: "name",
        header: t("contacts.name"),
        width: 180,
        grow: 2,
        cell: (row) => (
          <bdi className="truncate font-semibold">{contactName(row.contact, t("campaigns.somebody"))}</bdi>
        ),
      },
      {
        id: "phone",
        header: t("contacts.phone"),
        width: 150,
        wide: true,
        cell: (row) => (
          <bdi dir="ltr" className="tabular truncate text-ink-2">
            {showPhone(row.contact.phone)}
          </bdi>
        ),
      },
      {
        id: "state",
        header: t("campaigns.state"),
        width: 200,
        grow: 3,
        cell: (row) => (
          <span className="flex min-w-0 items-center gap-2">
            <StatusMark status={row.state} className="text-ink-3" />
            <span aria-hidden="true" className="shrink-0">
              {word(row.state)}
            </span>
            {row.route !== "usual" && (
              <span className="shrink-0 text-small text-ink-3">{t(`campaigns.route_${row.route}`)}</span>
            )}
            {row.error && (
              <span className="truncate text-small text-bad" title={whyOf(row)}>
                {whyOf(row)}
              </span>
            )}
          </span>
        ),
      },
      {
        id: "when",
        header: t("campaigns.changed"),
        width: 100,
        wide: true,
        cell: (row) => (
          <span className="truncate text-ink-3" title={format.exact(row.updated_at)}>
            {format.short(row.updated_at, now)}
          </span>
        ),
      },
    ];
  }, [t, format, word, causeOf, now]);
}
