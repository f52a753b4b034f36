import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/kit/avatar";
import { Chip } from "@/kit/chip";
import { DataTable } from "@/kit/data-table";
import type { Column } from "@/kit/table-columns";
import type { Contact } from "@/shared/api/types";
import { showPhone } from "@/shared/format/phone";
import { useFormat } from "@/shared/format/use-format";
import { contactName } from "@/shared/people/name";
import type { useContacts } from "../api";

/** Everybody who fits the filter, a screenful at a time. */
export function ContactsTable({
  query,
  selected,
  onSelect,
  onOpen,
  onTag,
}: {
  query: ReturnType<typeof useContacts>;
  selected: ReadonlySet<string>;
  onSelect?: (ids: Set<string>) => void;
  onOpen: (contact: Contact) => void;
  onTag: (tag: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo(
    (): Column<Contact>[] => [
      {
        id: "name",
        header: t("contacts.name"),
        width: 200,
        grow: 2,
        cell: (row) => (
          <span className="flex min-w-0 items-center gap-2.5">
            <Avatar id={row.id} name={row.name} size={28} />
            <span className="min-w-0">
              <span className="flex font-semibold">
                <bdi className="truncate">{contactName(row, t("contacts.unnamed"))}</bdi>
              </span>
              {row.name && (
                <span className="tabular block truncate text-small text-ink-3 md:hidden">
                  <bdi dir="ltr">{showPhone(row.phone)}</bdi>
                </span>
              )}
            </span>
            {row.opted_out && <Chip tone="warn">{t("contacts.opted_out")}</Chip>}
          </span>
        ),
      },
      {
        id: "phone",
        header: t("contacts.phone"),
        width: 145,
        wide: true,
        cell: (row) => (
          <bdi dir="ltr" className="tabular truncate text-ink-2">
            {showPhone(row.phone)}
          </bdi>
        ),
      },
      {
        id: "email",
        header: t("contacts.email"),
        width: 160,
        wide: true,
        cell: (row) => (
          <bdi dir="ltr" className="truncate text-ink-2">
            {row.email}
          </bdi>
        ),
      },
      {
        id: "tags",
        header: t("contacts.tags"),
        width: 118,
        wide: true,
        cell: (row) => (
          <span className="flex min-w-0 gap-1">
            {row.tags.slice(0, 3).map((tag) => (
              <button
                key={tag}
                type="button"
                tabIndex={-1}
                title={t("contacts.filter_tag", { tag })}
                className="min-w-0"
                onClick={(event) => {
                  event.stopPropagation();
                  onTag(tag);
                }}
              >
                <Chip>
                  <bdi>{tag}</bdi>
                </Chip>
              </button>
            ))}
          </span>
        ),
      },
      {
        id: "groups",
        header: t("contacts.groups"),
        width: 118,
        wide: true,
        cell: (row) => (
          <bdi className="truncate text-ink-2">{row.groups.map(({ name }) => name).join(" · ")}</bdi>
        ),
      },
      {
        id: "since",
        header: t("contacts.since"),
        width: 104,
        wide: true,
        cell: (row) => (
          <span className="text-ink-3" title={format.exact(row.created_at)}>
            {format.date(row.created_at)}
          </span>
        ),
      },
    ],
    [t, format, onTag],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <DataTable
      label={t("nav.contacts")}
      columns={columns}
      rows={query.rows}
      getRowId={(row) => row.id}
      onOpen={onOpen}
      selected={selected}
      onSelectedChange={onSelect}
      onEnd={more}
      loading={query.isPending || (query.goesOn && query.rows.length === 0)}
      loadingMore={isFetchingNextPage}
      rowHeight={52}
      className="min-h-0 flex-1"
    />
  );
}
