/** A number as the server keeps it (+ and digits), or what is wrong with it. */
export type PhoneCheck =
  | { ok: true; phone: string }
  | { ok: false; problem: "empty" | "country" | "short" | "long" | "letters" };

/** Takes any way of writing an international number: spaces, dots, brackets, 00 for +, other scripts' digits. */
export function checkPhone(text: string): PhoneCheck {
  const latin = text.normalize("NFKC").replace(/\p{Nd}/gu, latinDigit);
  const plain = latin.replace(/[\s().\-/\u00a0\u200e\u200f\u202a-\u202e]/g, "").replace(/^00/, "+");
  if (plain === "") return { ok: false, problem: "empty" };
  if (!/^\+?\d+$/.test(plain)) return { ok: false, problem: "letters" };
  if (!plain.startsWith("+") || plain.startsWith("+0")) return { ok: false, problem: "country" };
  const digits = plain.slice(1);
  if (digits.length < 8) return { ok: false, problem: "short" };
  if (digits.length > 15) return { ok: false, problem: "long" };
  return { ok: true, phone: plain };
}

/** Digits of every script stand in tens that begin with their zero. */
function latinDigit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  for (const zero of [0x30, 0x660, 0x6f0, 0x966, 0x9e6]) {
    if (code >= zero && code < zero + 10) return String(code - zero);
  }
  return character;
}

/** Many numbers at once: one a line, or separated by commas or semicolons. */
export function phonesOf(text: string): { good: string[]; bad: string[]; doubled: number } {
  const good = new Set<string>();
  const bad: string[] = [];
  let doubled = 0;
  for (const part of text.split(/[\n,;]+/)) {
    const check = checkPhone(part);
    if (check.ok) {
      if (good.has(check.phone)) doubled += 1;
      good.add(check.phone);
    } else if (check.problem !== "empty") bad.push(part.trim());
  }
  return { good: [...good], bad, doubled };
}
