import type { QueryClient } from "@tanstack/react-query";
import { keyOf, patchPages } from "@/shared/api/queries";
import type { Conversation, Message } from "@/shared/api/types";
import type { EventTable, LiveEvents } from "@/shared/realtime/events";
import { sessionQuery } from "@/shared/session/session";
import { later, type Me, placed } from "./model";

export const CONVERSATIONS = "/conversations";
export const messagesPath = (id: string) => `/conversations/${id}/messages`;
export const conversationPath = (id: string) => `/conversations/${id}`;

/** The thread (newest first) with a message added at its place, or changed; states never go back. */
export function withMessage(rows: Message[], message: Message): Message[] {
  const at = rows.findIndex((row) => row.id === message.id);
  const old = rows[at];
  if (old) {
    const merged = { ...message, status: later(old.status, message.status) };
    return rows.map((row, index) => (index === at ? merged : row));
  }
  const before = rows.findIndex((row) => Date.parse(row.created_at) <= Date.parse(message.created_at));
  return before < 0 ? [...rows, message] : [...rows.slice(0, before), message, ...rows.slice(before)];
}

/** The thread with one message's new state. */
export function withUpdate(rows: Message[], update: LiveEvents["message.updated"]): Message[] {
  const old = rows.find((row) => row.id === update.message_id);
  if (!old) return rows;
  if (update.message) return withMessage(rows, update.message);
  const status = later(old.status, update.status ?? null);
  // An older state's error must not stand beside a newer state.
  const taken = update.status !== undefined && status === update.status;
  const changed: Message = {
    ...old,
    status,
    error: taken ? (update.error ?? null) : old.error,
    timeline: (update.timeline?.length ?? 0) >= old.timeline.length ? (update.timeline ?? []) : old.timeline,
  };
  return rows.map((row) => (row === old ? changed : row));
}

/** The list row's last line follows the state of its message. */
function withLastStatus(rows: Conversation[], update: LiveEvents["message.updated"]): Conversation[] {
  const found = rows.find((row) => row.last_message?.id === update.message_id);
  if (!found?.last_message || !update.status) return rows;
  const status = later(found.last_message.status, update.status);
  const changed = { ...found, last_message: { ...found.last_message, status } };
  return rows.map((row) => (row === found ? changed : row));
}

function meOf(client: QueryClient): Me {
  const session = client.getQueryData(sessionQuery.queryKey);
  return {
    id: session?.user.id ?? "",
    seesAll: session?.permissions.includes("inbox.view_all") ?? false,
  };
}

/** Puts a conversation's newest state everywhere it is shown. */
export function showConversation(client: QueryClient, conversation: Conversation): void {
  const me = meOf(client);
  patchPages<Conversation>(client, CONVERSATIONS, (rows, params) => placed(rows, conversation, params, me));
  const key = keyOf(conversationPath(conversation.id));
  if (client.getQueryData(key)) client.setQueryData(key, conversation);
}

export function showMessage(client: QueryClient, message: Message): void {
  patchPages<Message>(client, messagesPath(message.conversation_id), (rows) => withMessage(rows, message));
}

export const events: EventTable = {
  "message.created": ({ conversation, message }, client) => {
    showConversation(client, conversation);
    showMessage(client, message);
    // A reaction changes the message it belongs to, which only the server knows.
    if (message.type === "reaction")
      void client.invalidateQueries({ queryKey: [messagesPath(message.conversation_id)] });
  },
  "message.updated": (update, client) => {
    patchPages<Message>(client, messagesPath(update.conversation_id), (rows) => withUpdate(rows, update));
    patchPages<Conversation>(client, CONVERSATIONS, (rows) => withLastStatus(rows, update));
  },
  "conversation.updated": ({ conversation }, client) => showConversation(client, conversation),
};
