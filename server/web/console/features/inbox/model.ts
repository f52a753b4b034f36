import type { Params } from "@/shared/api/client";
import type { Conversation, ConversationView, Message, MessageStatus } from "@/shared/api/types";
import type { Entry } from "./outbox-entry";

const ORDER: Record<MessageStatus, number> = {
  queued: 0,
  sending: 1,
  ambiguous: 2,
  unconfirmed: 2,
  accepted: 3,
  sent: 4,
  failed: 5,
  skipped: 5,
  delivered: 6,
  read: 7,
};

/** States only move forward: a late "sent" does not take back a "read". */
export function later(old: MessageStatus | null, next: MessageStatus | null): MessageStatus | null {
  if (!old || !next) return next ?? old;
  return (ORDER[next] ?? 0) >= (ORDER[old] ?? 0) ? next : old;
}

export type Me = { id: string; seesAll: boolean };

/** Whether a conversation stands in the list that was asked for with these parameters. */
export function belongs(row: Conversation, params: Params, me: Me): boolean {
  if (!me.seesAll && row.assignee?.id !== me.id) return false;
  if (params.status && row.status !== params.status) return false;
  if (params.channel_id && row.channel_id !== params.channel_id) return false;
  if (params.view === "mine") return row.assignee?.id === me.id;
  if (params.view === "unassigned") return row.assignee === null;
  return true;
}

const activity = (row: Conversation) => Date.parse(row.last_message_at ?? row.created_at);

/** The list with one conversation changed, added at its place, or taken out. */
export function placed(rows: Conversation[], changed: Conversation, params: Params, me: Me): Conversation[] {
  const at = rows.findIndex((row) => row.id === changed.id);
  const old = rows[at];
  if (!belongs(changed, params, me)) return old ? rows.filter((row) => row.id !== changed.id) : rows;
  // A search is answered by the server only; what it found is kept up to date.
  if (!old && params.search) return rows;
  if (old && activity(old) === activity(changed))
    return rows.map((row, index) => (index === at ? changed : row));
  const rest = rows.filter((row) => row.id !== changed.id);
  const before = rest.findIndex((row) => activity(row) <= activity(changed));
  return before < 0 ? [...rest, changed] : [...rest.slice(0, before), changed, ...rest.slice(before)];
}

/**
 * The order of a list that must not move under the pointer: rows keep their places, vanished ones leave, older
 * ones are added below. `waiting` counts what would now stand above the first row.
 */
export function steady<T extends { id: string }>(shown: string[], rows: T[]): { rows: T[]; waiting: number } {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const known = new Set(shown);
  const kept = shown.flatMap((id) => byId.get(id) ?? []);
  const first = kept[0];
  if (!first) return { rows, waiting: 0 };
  const lastKept = rows.findLastIndex((row) => known.has(row.id));
  const below = rows.slice(lastKept + 1);
  const waiting = rows.slice(0, lastKept + 1).filter((row) => !known.has(row.id)).length;
  const risen =
    waiting > 0
      ? waiting
      : Math.max(
          0,
          rows.findIndex((row) => row.id === first.id),
        );
  return { rows: [...kept, ...below], waiting: risen };
}

export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "new"; key: string }
  | { kind: "message"; key: string; message: Message; first: boolean; last: boolean }
  | { kind: "entry"; key: string; entry: Entry };

const GROUP_MS = 3 * 60_000;
const speaker = (message: Message) => `${message.direction}:${message.author.kind}:${message.author.id}`;

/** Two messages of one sender within three minutes form a group. */
function together(a: Message | undefined, b: Message | undefined): boolean {
  if (!a || !b || a.direction === "note" || speaker(a) !== speaker(b)) return false;
  return Math.abs(Date.parse(b.created_at) - Date.parse(a.created_at)) < GROUP_MS;
}

/**
 * The thread from old to new: messages with dividers for days and for what is new, then what is on its way. While
 * older messages are still to come, the first one has no divider: its day may have begun before, and the topmost
 * row must keep its key when others come above it.
 */
export function threadRows(
  messages: Message[],
  entries: Entry[],
  newFrom: string | null,
  complete: boolean,
  dayOf: (at: string) => string,
): Row[] {
  const rows: Row[] = [];
  const shown = messages.filter((message) => message.type !== "reaction");
  shown.forEach((message, index) => {
    const [before, after] = [shown[index - 1], shown[index + 1]];
    const day = dayOf(message.created_at);
    const dayBegins = before ? dayOf(before.created_at) !== day : complete;
    if (dayBegins) rows.push({ kind: "day", key: `day-${day}`, at: message.created_at });
    if (message.id === newFrom) rows.push({ kind: "new", key: "new" });
    const cut = dayBegins || message.id === newFrom;
    rows.push({
      kind: "message",
      key: message.id,
      message,
      first: cut || !together(before, message),
      last:
        !together(message, after) ||
        after?.id === newFrom ||
        (after && dayOf(after.created_at) !== day) ||
        false,
    });
  });
  for (const entry of entries) rows.push({ kind: "entry", key: entry.key, entry });
  return rows;
}

/** The first of the `unread` newest messages of the person, out of messages from new to old. */
export function firstUnread(newestFirst: Message[], unread: number): string | null {
  if (unread <= 0) return null;
  const theirs = newestFirst.filter(
    (message) => message.direction === "inbound" && message.type !== "reaction",
  );
  return theirs[Math.min(unread, theirs.length) - 1]?.id ?? null;
}

/** The views a person may choose from; who sees only their own has no choice. */
export function viewsFor(seesAll: boolean): ConversationView[] {
  return seesAll ? ["all", "mine", "unassigned"] : ["mine"];
}
