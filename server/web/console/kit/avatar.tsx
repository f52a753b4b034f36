import { UserRound } from "lucide-react";
import { cn } from "./cn";
import { WindowRing } from "./window-ring";

/** A hue from an id, so that a person keeps one colour everywhere. */
export function hueOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  // The golden angle, so that ids which follow each other get hues far apart.
  return Math.round((hash * 137.508) % 360);
}

/** First letters of the first two words that begin with a letter; empty for a bare number. */
export function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .filter((word) => /^\p{L}/u.test(word))
    .slice(0, 2)
    .map(
      (word) =>
        [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(word)][0]?.segment ?? "",
    )
    .join("")
    .toLocaleUpperCase();
}

type AvatarProps = { id: string; name: string | null; size?: number; className?: string };

/** A person's initials on a soft ground. Decorative: the name stands beside it. */
export function Avatar({ id, name, size = 40, className }: AvatarProps) {
  const hue = hueOf(id);
  const initials = initialsOf(name ?? "");
  return (
    <span
      aria-hidden="true"
      className={cn("grid shrink-0 select-none place-items-center rounded-full font-bold", className)}
      style={{
        width: size,
        height: size,
        fontSize: Math.max(10, Math.round(size * 0.34)),
        background: `oklch(from var(--brand-tint) l 0.045 ${hue})`,
        color: `oklch(from var(--ink) l 0.06 ${hue})`,
      }}
    >
      {initials || <UserRound style={{ width: size * 0.5, height: size * 0.5 }} />}
    </span>
  );
}

/** The picture inside its reply-window ring. `windowText` says the same for those who cannot see it. */
export function WindowAvatar({
  leftMs,
  windowText,
  size = 40,
  ...person
}: AvatarProps & { leftMs: number | null; windowText: string }) {
  return (
    <span className="relative inline-grid shrink-0 place-items-center" style={{ width: size, height: size }}>
      <WindowRing leftMs={leftMs} size={size} />
      <Avatar {...person} size={size - 9} />
      <span className="sr-only">{windowText}</span>
    </span>
  );
}
