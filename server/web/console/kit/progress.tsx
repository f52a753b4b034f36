import { cn } from "./cn";

/** One share of a whole. `label` names it; `text` is read instead of a bare percentage. */
export function Meter({
  value,
  max,
  label,
  text,
  tone = "brand",
  className,
}: {
  value: number;
  max: number;
  label: string;
  text?: string;
  tone?: "brand" | "ok" | "warn" | "bad";
  className?: string;
}) {
  const share = max > 0 ? Math.max(0, Math.min(1, value / max)) : 0;
  const look = { brand: "bg-brand", ok: "bg-ok", warn: "bg-warn", bad: "bg-bad" }[tone];
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={text}
      className={cn("h-2 overflow-hidden rounded-full bg-sunken", className)}
    >
      <div className={cn("h-full rounded-full", look)} style={{ width: `${share * 100}%` }} />
    </div>
  );
}

export type Part = {
  key: string;
  value: number;
  label: string;
  colour: "queued" | "idle" | "c1" | "c2" | "c3" | "c4" | "bad" | "warn";
};

const PART: Record<Part["colour"], string> = {
  queued: "bg-line-strong",
  idle: "bg-line",
  c1: "bg-c1",
  c2: "bg-c2",
  c3: "bg-c3",
  c4: "bg-c4",
  bad: "bg-bad",
  warn: "bg-warn",
};

/** Parts of a whole beside one another, with a legend in words and figures. */
export function PartsBar({
  parts,
  label,
  format,
}: {
  parts: Part[];
  label: string;
  format: (value: number) => string;
}) {
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  return (
    <figure aria-label={label}>
      <div className="flex h-3 gap-px overflow-hidden rounded-full bg-sunken" aria-hidden="true">
        {parts.map((part) => (
          <div
            key={part.key}
            className={PART[part.colour]}
            style={{ width: `${total > 0 ? (part.value / total) * 100 : 0}%` }}
          />
        ))}
      </div>
      <figcaption>
        <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-small text-ink-2">
          {parts.map((part) => (
            <li key={part.key} className="flex items-center gap-1.5">
              <span className={cn("size-2 rounded-full", PART[part.colour])} aria-hidden="true" />
              {part.label}
              <span className="tabular font-semibold text-ink">{format(part.value)}</span>
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
