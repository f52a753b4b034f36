export type Token =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; children: Token[] }
  | { kind: "code"; text: string }
  | { kind: "link"; href: string; text: string };

const MARKS: Record<string, "bold" | "italic" | "strike"> = { "*": "bold", _: "italic", "~": "strike" };
const WORD = /[\p{L}\p{N}]/u;
const LINK = /https?:\/\/[^\s<>"']+/iy;

const isWord = (character: string | undefined) => character !== undefined && WORD.test(character);
const isSpace = (character: string | undefined) => character === undefined || /\s/.test(character);

/** Where the mark that opens at `from` closes, on the same line; -1 if it stands for itself. */
function closing(text: string, from: number): number {
  const mark = text[from];
  if (isWord(text[from - 1]) || isSpace(text[from + 1]) || text[from + 1] === mark) return -1;
  for (let at = from + 2; at < text.length && text[at] !== "\n"; at += 1) {
    if (text[at] === mark && !isSpace(text[at - 1]) && !isWord(text[at + 1])) return at;
  }
  return -1;
}

/** A link without the punctuation that ends the sentence around it. */
function linkAt(text: string, from: number): string | null {
  LINK.lastIndex = from;
  const found = LINK.exec(text)?.[0];
  if (!found || isWord(text[from - 1])) return null;
  const trimmed = found.replace(/[.,;:!?*_~]+$/, "");
  const address = trimmed.includes("(") ? trimmed : trimmed.replace(/\)+$/, "");
  return URL.canParse(address) ? address : null;
}

/** What begins at `from`, with the place after it; null for an ordinary character. */
function tokenAt(text: string, from: number): { token: Token; end: number } | null {
  const character = text[from] ?? "";
  if (character === "`") {
    const fence = text.startsWith("```", from) ? "```" : "`";
    const end = text.indexOf(fence, from + fence.length);
    const inner = end < 0 ? "" : text.slice(from + fence.length, end);
    if (inner.trim() === "" || (fence === "`" && inner.includes("\n"))) return null;
    return { token: { kind: "code", text: inner.replace(/^\n|\n$/g, "") }, end: end + fence.length };
  }
  const kind = MARKS[character];
  if (kind) {
    const end = closing(text, from);
    if (end < 0) return null;
    return { token: { kind, children: tokensOf(text.slice(from + 1, end)) }, end: end + 1 };
  }
  if (character === "h" || character === "H") {
    const link = linkAt(text, from);
    if (link) return { token: { kind: "link", href: link, text: link }, end: from + link.length };
  }
  return null;
}

/** The messenger's own marks as tokens: *bold*, _italic_, ~strike~, `code`, links. Never HTML. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let plain = 0;
  let at = 0;
  while (at < text.length) {
    const found = tokenAt(text, at);
    if (!found) {
      at += 1;
      continue;
    }
    if (plain < at) tokens.push({ kind: "text", text: text.slice(plain, at) });
    tokens.push(found.token);
    at = found.end;
    plain = at;
  }
  if (plain < text.length) tokens.push({ kind: "text", text: text.slice(plain) });
  return tokens;
}
