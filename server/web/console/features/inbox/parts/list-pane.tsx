import { Inbox } from "lucide-react";
import { useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { EmptyState } from "@/kit/empty-state";
import { ErrorState } from "@/kit/error-state";
import { ListSkeleton } from "@/kit/skeleton";
import { useRowKeys } from "@/kit/use-row-keys";
import { VirtualList, type VirtualListHandle } from "@/kit/virtual-list";
import type { Conversation } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { draftKeys } from "@/shared/drafts/use-draft";
import { type ListFilter, useConversations } from "../api";
import { steady } from "../model";
import { ConversationRow } from "./conversation-row";

const keyOfRow = (row: Conversation) => row.id;
const rowHeight = () => 76;

/** The rows, in an order that does not move while pointer or focus is among them. */
export function ConversationList({
  filter,
  openId,
  onOpen,
  onRows,
  onClear,
}: {
  filter: ListFilter;
  openId: string | null;
  onOpen: (id: string) => void;
  onRows: (ids: string[]) => void;
  onClear: (() => void) | null;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const query = useConversations(useDeferredValue(filter));
  const [hold, setHold] = useState<string[] | null>(null);
  const list = useRef<VirtualListHandle>(null);
  const { rows, waiting } = useMemo(
    () => (hold ? steady(hold, query.rows) : { rows: query.rows, waiting: 0 }),
    [hold, query.rows],
  );
  const shownIds = useRef<string[]>([]);
  shownIds.current = rows.map(keyOfRow);
  onRows(shownIds.current);

  const keys = useRowKeys({
    count: rows.length,
    scrollTo: (index) => list.current?.scrollToIndex(index),
    open: (index) => {
      const row = rows[index];
      if (row) onOpen(row.id);
    },
  });
  const drafts = new Set(draftKeys("reply.").map((key) => key.slice("reply.".length)));
  const freeze = () => setHold((old) => old ?? shownIds.current);
  const release = () => setHold(null);
  const showNew = () => {
    setHold(null);
    list.current?.scrollToIndex(0);
  };
  const more = useCallback(() => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  }, [query.hasNextPage, query.isFetchingNextPage, query.fetchNextPage]);

  if (query.isPending || (rows.length === 0 && query.goesOn && !query.isError))
    return <ListSkeleton count={8} label={t("kit.loading")} />;
  if (query.isError && rows.length === 0)
    return (
      <ErrorState
        error={errorText(query.error)}
        onRetry={() => void query.refetch()}
        busy={query.isFetching}
      />
    );
  if (rows.length === 0) return <EmptyList filter={filter} onClear={onClear} />;
  return (
    // The pane only watches where pointer and focus are; what can be pressed is inside.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above.
    <div
      className="relative flex min-h-0 flex-1 flex-col"
      onPointerEnter={freeze}
      onPointerLeave={(event) => {
        if (!event.currentTarget.contains(document.activeElement)) release();
      }}
      onFocus={freeze}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget) && !event.currentTarget.matches(":hover"))
          release();
      }}
    >
      {query.isError && (
        <div role="status" className="flex items-center gap-2 bg-bad-tint px-3.5 py-1.5 text-small text-bad">
          <span className="min-w-0 flex-1">{errorText(query.error).message}</span>
          <Button size="sm" variant="danger-quiet" onClick={() => void query.refetch()}>
            {t("kit.retry")}
          </Button>
        </div>
      )}
      {waiting > 0 && (
        <Button
          variant="primary"
          size="sm"
          onClick={showNew}
          className="absolute inset-x-0 top-2 z-10 mx-auto w-fit rounded-full shadow-2"
        >
          {t("inbox.new_rows", { count: waiting })}
        </Button>
      )}
      <VirtualList
        ref={list}
        items={rows}
        getKey={keyOfRow}
        estimate={rowHeight}
        label={t("inbox.conversations")}
        className="min-h-0 flex-1"
        onEnd={more}
        onKeyDown={keys.onKeyDown}
        renderItem={(row, index) => (
          <ConversationRow
            conversation={row}
            active={row.id === openId}
            draft={row.id !== openId && drafts.has(row.id)}
            showAssignee={filter.view !== "mine"}
            rowProps={keys.rowProps(index)}
          />
        )}
      />
    </div>
  );
}

/** Nothing here: because nothing was found, because all is done, or because nobody has written yet. */
function EmptyList({ filter, onClear }: { filter: ListFilter; onClear: (() => void) | null }) {
  const { t } = useTranslation();
  if (onClear)
    return (
      <EmptyState
        art="none"
        title={t("inbox.nothing_found")}
        text={t("inbox.nothing_found_text")}
        action={<Button onClick={onClear}>{t("inbox.clear_filters")}</Button>}
      />
    );
  if (filter.status !== "open")
    return (
      <EmptyState
        art="none"
        title={t(`inbox.empty_${filter.status}`)}
        action={<Inbox className="size-5 text-ink-3" aria-hidden="true" />}
      />
    );
  return (
    <EmptyState
      art="ring"
      title={t("inbox.caught_up")}
      text={filter.view === "mine" ? t("inbox.caught_up_mine") : t("inbox.caught_up_text")}
    />
  );
}
