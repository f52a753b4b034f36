import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { keyOf, pages, rowsOf } from "@/shared/api/queries";
import type { Conversation, Message } from "@/shared/api/types";
import { sessionQuery } from "@/shared/session/session";
import { aConversation, ago, aMessage, aSession, idOf } from "@/shared/testing/data";
import { CONVERSATIONS, conversationPath, events, messagesPath, withMessage, withUpdate } from "./events";
import { arrived, type Entry } from "./outbox-entry";

const update = { conversation_id: idOf("cnv", 0), message_id: idOf("msg", 1) };

it("a message that comes twice stands once", () => {
  const list = [aMessage(1)];
  expect(withMessage(list, aMessage(1))).toHaveLength(1);
  expect(withMessage(list, aMessage(0, { created_at: ago(0) })).map(({ id }) => id)).toEqual([
    idOf("msg", 0),
    idOf("msg", 1),
  ]);
});

it("an older state changes nothing, not even the error", () => {
  const [message] = withUpdate([aMessage(1)], {
    ...update,
    status: "sent",
    error: { code: "x", message: "x", advice: null },
  });
  expect(message).toMatchObject({ status: "read", error: null });
});

it("a failure brings its cause", () => {
  const error = { code: "META_131026", message: "no", advice: null };
  const [message] = withUpdate([aMessage(1, { status: "sent" })], { ...update, status: "failed", error });
  expect(message).toMatchObject({ status: "failed", error });
});

it("a new message goes into the open thread and moves its conversation to the top", () => {
  const client = new QueryClient();
  client.setQueryData(sessionQuery.queryKey, aSession());
  const list = pages<Conversation>(CONVERSATIONS, { status: "open", view: "all", channel_id: null });
  const thread = pages<Message>(messagesPath(idOf("cnv", 1)), { limit: 50 });
  const page = <T>(data: T[]) => ({ pages: [{ data, next_cursor: null }], pageParams: [null] });
  client.setQueryData(list.queryKey, page([aConversation(0), aConversation(1)]));
  client.setQueryData(thread.queryKey, page([aMessage(1)]));
  client.setQueryData(keyOf(conversationPath(idOf("cnv", 1))), aConversation(1));

  const conversation = aConversation(1, { unread: 7, last_message_at: ago(0) });
  const message = aMessage(0, { conversation_id: conversation.id, created_at: ago(0) });
  events["message.created"]?.({ conversation, message }, client);

  expect(rowsOf(client.getQueryData(list.queryKey)).map(({ id }) => id)).toEqual([
    idOf("cnv", 1),
    idOf("cnv", 0),
  ]);
  expect(rowsOf(client.getQueryData(thread.queryKey))).toHaveLength(2);
  expect(client.getQueryData<Conversation>(keyOf(conversationPath(conversation.id)))?.unread).toBe(7);
});

it("the list's last line follows its message, forward only", () => {
  const client = new QueryClient();
  const list = pages<Conversation>(CONVERSATIONS, { status: "open" });
  const row = aConversation(3);
  client.setQueryData(list.queryKey, { pages: [{ data: [row], next_cursor: null }], pageParams: [null] });
  const about = { conversation_id: row.id, message_id: row.last_message?.id ?? "" };
  events["message.updated"]?.({ ...about, status: "sent" }, client);
  expect(rowsOf(client.getQueryData(list.queryKey))[0]?.last_message?.status).toBe("read");
});

it("what I wrote counts as arrived only when it came after I wrote it", () => {
  const entry: Entry = {
    key: "k",
    conversationId: idOf("cnv", 0),
    at: ago(0),
    after: idOf("msg", 4),
    state: "sending",
    kind: "text",
    text: "Of course, we bake fresh every morning.",
  };
  const me = idOf("usr", 1);
  expect(arrived(entry, [aMessage(4), aMessage(1)], me)).toBe(false);
  expect(arrived(entry, [aMessage(1), aMessage(4)], me)).toBe(true);
  expect(arrived({ ...entry, text: "Other words" }, [aMessage(1), aMessage(4)], me)).toBe(false);
});
