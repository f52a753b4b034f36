import type { QuickReply } from "@/shared/api/types";

export type SlashQuery = { from: number; to: number; text: string };

/** What stands between a slash at a word's beginning and the caret; null when no slash is being typed. */
export function slashAt(text: string, caret: number): SlashQuery | null {
  const before = text.slice(0, caret);
  const match = /(?:^|\s)\/([\p{L}\p{N}_-]{0,32})$/u.exec(before);
  if (!match) return null;
  const word = match[1] ?? "";
  return { from: caret - word.length - 1, to: caret, text: word };
}

/** Replies whose shortcut begins so first, then those that hold the word in shortcut or title. */
export function matching(replies: QuickReply[], word: string): QuickReply[] {
  const wanted = word.toLocaleLowerCase();
  const starts = (reply: QuickReply) => reply.shortcut.toLocaleLowerCase().startsWith(wanted);
  return replies
    .filter(
      (reply) => starts(reply) || `${reply.shortcut} ${reply.title}`.toLocaleLowerCase().includes(wanted),
    )
    .sort((a, b) => Number(starts(b)) - Number(starts(a)))
    .slice(0, 8);
}

/** The text with the slash word replaced, and where the caret belongs then. */
export function inserted(text: string, query: SlashQuery, reply: string): { text: string; caret: number } {
  return {
    text: text.slice(0, query.from) + reply + text.slice(query.to),
    caret: query.from + reply.length,
  };
}
