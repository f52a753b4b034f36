import { ArrowDown } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { ErrorState } from "@/kit/error-state";
import { Skeleton } from "@/kit/skeleton";
import { VirtualList, type VirtualListHandle } from "@/kit/virtual-list";
import { rowsOf } from "@/shared/api/queries";
import type { Conversation, Message } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { useNow } from "@/shared/format/use-now";
import { useSession } from "@/shared/session/session";
import { useThread } from "../api";
import { firstUnread, type Row, threadRows } from "../model";
import { useOutbox } from "../outbox";
import { arrived, type Entry } from "../outbox-entry";
import { EntryRow } from "./entry-row";
import { MessageRow, type RowActions } from "./message-row";

const NO_MESSAGES: Message[] = [];
const keyOfRow = (row: Row) => row.key;
const heightOf = (row: Row) => (row.kind === "day" || row.kind === "new" ? 40 : 72);

/** The messages, oldest above. Opens at the newest, loads older ones upwards without moving what is read. */
export function MessageList({
  conversation,
  actions,
  onEdit,
}: {
  conversation: Conversation;
  actions: Omit<RowActions, "onJump">;
  onEdit: (entry: Entry) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const { user } = useSession();
  const query = useThread(conversation.id);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const messages = useMemo(() => (query.data ? rowsOf(query.data) : NO_MESSAGES), [query.data]);
  const entries = useOutbox((store) => store.entries);
  const list = useRef<VirtualListHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [flash, setFlash] = useState<string | null>(null);

  // Where the new ones began when the conversation was opened; it stays there while one reads.
  const [unreadAtOpening] = useState(conversation.unread);
  const newFrom = useRef<string | null | undefined>(undefined);
  if (newFrom.current === undefined && query.data) newFrom.current = firstUnread(messages, unreadAtOpening);

  const rows = useMemo(() => {
    const own = entries.filter(
      (entry) => entry.conversationId === conversation.id && !arrived(entry, messages, user.id),
    );
    return threadRows([...messages].reverse(), own, newFrom.current ?? null, !hasNextPage, format.dayKey);
  }, [messages, entries, conversation.id, user.id, hasNextPage, format]);
  const latest = useRef(rows);
  latest.current = rows;

  // One's own message is always shown, and an end that was in view stays in view when the last row changes.
  const last = rows.at(-1);
  const lastKey = last?.key;
  const own = last?.kind === "entry";
  const wasAtEnd = useRef(true);
  wasAtEnd.current = atEnd;
  useEffect(() => {
    if (lastKey === undefined || (!own && !wasAtEnd.current)) return;
    const frame = requestAnimationFrame(() => list.current?.scrollToEnd());
    return () => cancelAnimationFrame(frame);
  }, [lastKey, own]);

  const older = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const jump = useCallback(
    async (id: string) => {
      const place = () => latest.current.findIndex((row) => row.kind === "message" && row.message.id === id);
      // The message may stand further up than what has been read so far.
      for (let tries = 0; place() < 0 && tries < 20; tries += 1) {
        const { hasNextPage: more } = await fetchNextPage();
        await new Promise(requestAnimationFrame);
        if (!more) break;
      }
      if (place() < 0) return;
      list.current?.scrollToIndex(place(), { align: "center" });
      setFlash(id);
      window.setTimeout(() => setFlash(null), 1600);
    },
    [fetchNextPage],
  );
  const all = useMemo(() => ({ ...actions, onJump: (id: string) => void jump(id) }), [actions, jump]);
  const below = atEnd ? 0 : conversation.unread;

  if (query.isPending) return <ThreadSkeleton />;
  if (query.isError && messages.length === 0)
    return (
      <ErrorState
        className="my-auto"
        error={errorText(query.error)}
        onRetry={() => void query.refetch()}
        busy={query.isFetching}
      />
    );
  if (rows.length === 0)
    return <p className="m-auto px-6 text-center text-ink-3">{t("inbox.no_messages_yet")}</p>;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {isFetchingNextPage && (
        <p
          role="status"
          className="absolute inset-x-0 top-2 z-10 mx-auto w-fit rounded-full bg-raised px-3 py-1 text-small text-ink-2 shadow-2"
        >
          {t("kit.loading_more")}
        </p>
      )}
      <VirtualList
        ref={list}
        role="log"
        anchor="end"
        items={rows}
        getKey={keyOfRow}
        estimate={heightOf}
        padding={12}
        label={t("inbox.messages")}
        className="min-h-0 flex-1 [overflow-anchor:none]"
        onStart={older}
        onAtEndChange={setAtEnd}
        renderItem={(row) => <ThreadRow row={row} flash={flash} actions={all} onEdit={onEdit} />}
      />
      {!atEnd && (
        <Button
          size="sm"
          onClick={() => list.current?.scrollToEnd()}
          className="absolute end-5 bottom-3 rounded-full shadow-2"
        >
          <ArrowDown className="size-4" aria-hidden="true" />
          {below > 0 ? t("inbox.jump_latest_new", { count: below }) : t("inbox.jump_latest")}
        </Button>
      )}
    </div>
  );
}

function ThreadRow({
  row,
  flash,
  actions,
  onEdit,
}: {
  row: Row;
  flash: string | null;
  actions: RowActions;
  onEdit: (entry: Entry) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (row.kind === "message")
    return (
      <MessageRow
        message={row.message}
        first={row.first}
        last={row.last}
        flash={flash === row.message.id}
        actions={actions}
      />
    );
  if (row.kind === "entry")
    return <EntryRow entry={row.entry} onEdit={onEdit} onTemplate={actions.onTemplate} />;
  if (row.kind === "day")
    return (
      <p className="flex justify-center py-2">
        <span className="rounded-full bg-sunken px-3 py-0.5 text-small text-ink-2">
          {format.dayName(row.at, now)}
        </span>
      </p>
    );
  return (
    <div className="flex items-center gap-3 px-5 py-2 text-micro font-bold text-brand">
      <span className="h-px flex-1 bg-brand/40" aria-hidden="true" />
      {t("inbox.new_divider")}
      <span className="h-px flex-1 bg-brand/40" aria-hidden="true" />
    </div>
  );
}

const SHAPES = ["w-56", "w-72", "w-40 self-end", "w-64 self-end", "w-48"];

function ThreadSkeleton() {
  const { t } = useTranslation();
  return (
    <div
      role="status"
      aria-label={t("kit.loading")}
      className="flex min-h-0 flex-1 flex-col justify-end gap-3 p-5"
    >
      {SHAPES.map((shape) => (
        <Skeleton key={shape} className={`h-14 rounded-bubble ${shape}`} />
      ))}
    </div>
  );
}
