import type { ApiError } from "@/shared/api/errors";
import type { Message, TemplateContent } from "@/shared/api/types";

/** Something a person sent that the server has not taken over yet. */
export type Entry = {
  /** One for the whole act, over all retries: the server's Idempotency-Key. */
  key: string;
  conversationId: string;
  at: string;
  /** The newest message when this was written; what came later may be this one. */
  after: string | null;
  state: "sending" | "waiting" | "refused";
  error?: ApiError;
  replyTo?: { id: string; preview: string };
} & (
  | { kind: "text" | "note"; text: string }
  | { kind: "media"; text: string; file: File; uploadKey: string }
  | { kind: "template"; templateId: string; variables: Record<string, string>; content: TemplateContent }
);

export type NewEntry = Entry extends infer E
  ? E extends Entry
    ? Omit<E, "state" | "error" | "at">
    : never
  : never;

const wordsOf = (content: Record<string, unknown>): string =>
  String(content.body ?? content.caption ?? content.filename ?? "");

/** The event about a message may come before the answer to sending it: then the message stands for the entry. */
export function arrived(entry: Entry, newestFirst: Message[], me: string): boolean {
  const end = newestFirst.findIndex((message) => message.id === entry.after);
  const since = end < 0 ? newestFirst : newestFirst.slice(0, end);
  return since.some((message) => {
    if (message.author.kind !== "user" || message.author.id !== me) return false;
    if (entry.kind === "note") return message.direction === "note" && wordsOf(message.content) === entry.text;
    if (message.direction !== "outbound") return false;
    if (entry.kind === "text") return message.type === "text" && wordsOf(message.content) === entry.text;
    if (entry.kind === "template") return message.type === "template";
    return message.type !== "text" && (entry.text === "" || wordsOf(message.content) === entry.text);
  });
}
