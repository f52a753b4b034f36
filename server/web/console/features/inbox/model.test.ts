import { expect, it } from "vitest";
import { aConversation, ago, aMessage, idOf } from "@/shared/testing/data";
import { firstUnread, later, placed, steady, threadRows } from "./model";
import type { Entry } from "./outbox-entry";

const me = { id: idOf("usr", 1), seesAll: true };
const rows = (n: number) => Array.from({ length: n }, (_, index) => aConversation(index));
const ids = (list: { id: string }[]) => list.map(({ id }) => Number(id.slice(-3)));

it("states only move forward, and a late failure does not undo a delivery", () => {
  expect(later("read", "sent")).toBe("read");
  expect(later("sent", "failed")).toBe("failed");
  expect(later("delivered", "failed")).toBe("delivered");
  expect(later("ambiguous", "unconfirmed")).toBe("unconfirmed");
  expect(later("unconfirmed", "delivered")).toBe("delivered");
});

it("a conversation with news moves to the top of its list", () => {
  const changed = { ...aConversation(2), last_message_at: ago(0) };
  expect(ids(placed(rows(4), changed, { status: "open" }, me))).toEqual([2, 0, 1, 3]);
});

it("a conversation that changed without news keeps its place", () => {
  const list = rows(4);
  const changed = { ...(list[2] ?? aConversation(2)), unread: 9 };
  const after = placed(list, changed, { status: "open" }, me);
  expect(ids(after)).toEqual([0, 1, 2, 3]);
  expect(after[2]?.unread).toBe(9);
});

it("a resolved conversation leaves the open list and enters none that was not asked for", () => {
  const resolved = { ...aConversation(1), status: "resolved" as const };
  expect(ids(placed(rows(3), resolved, { status: "open" }, me))).toEqual([0, 2]);
  expect(ids(placed([], resolved, { status: "resolved", search: "ana" }, me))).toEqual([]);
});

it("who sees only their own loses a conversation that is given to another", () => {
  const other = { ...aConversation(1), assignee: { id: idOf("usr", 2), name: "Pedro" } };
  expect(ids(placed(rows(2), other, { view: "mine" }, { ...me, seesAll: false }))).toEqual([0]);
});

it("under the pointer the order stays; what came above waits and what is older is added below", () => {
  const live = [aConversation(9), ...rows(3), aConversation(5)];
  const { rows: shown, waiting } = steady(
    [0, 1, 2].map((n) => idOf("cnv", n)),
    live,
  );
  expect(ids(shown)).toEqual([0, 1, 2, 5]);
  expect(waiting).toBe(1);
});

it("a row that left the list leaves at once, even under the pointer", () => {
  const { rows: shown, waiting } = steady(
    [0, 1, 2].map((n) => idOf("cnv", n)),
    [aConversation(0), aConversation(2)],
  );
  expect(ids(shown)).toEqual([0, 2]);
  expect(waiting).toBe(0);
});

it("a thread has dividers for days and for what is new, and groups what one person said at once", () => {
  const at = (day: number, minute: number) => `2026-05-0${day}T10:0${minute}:00Z`;
  const say = (n: number, created_at: string) => aMessage(3, { id: `m${n}`, created_at });
  const entry: Entry = {
    key: "k",
    conversationId: "c",
    at: at(2, 9),
    after: null,
    state: "sending",
    kind: "text",
    text: "hi",
  };
  const thread = threadRows(
    [say(1, at(1, 0)), say(2, at(1, 1)), say(3, at(2, 0)), say(4, at(2, 8))],
    [entry],
    "m4",
    true,
    (moment) => moment.slice(0, 10),
  );
  expect(thread.map((row) => row.kind)).toEqual([
    "day",
    "message",
    "message",
    "day",
    "message",
    "new",
    "message",
    "entry",
  ]);
  const firsts = thread.flatMap((row) => (row.kind === "message" ? [row.first] : []));
  expect(firsts).toEqual([true, false, true, true]);
});

it("while older ones are still to come, the topmost row is a message", () => {
  const rows = threadRows([aMessage(3), aMessage(1)], [], null, false, () => "day");
  expect(rows.map(({ kind }) => kind)).toEqual(["message", "message"]);
});

it("the new ones begin at the last unread message of the person, whatever we said since", () => {
  const list = [aMessage(1), aMessage(2), aMessage(3), aMessage(5)];
  expect(firstUnread(list, 2)).toBe(idOf("msg", 3));
  expect(firstUnread(list, 0)).toBeNull();
  expect(firstUnread(list, 99)).toBe(idOf("msg", 5));
});
