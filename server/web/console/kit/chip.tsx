import { cva, type VariantProps } from "class-variance-authority";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

const chipStyles = cva(
  "inline-flex max-w-full items-center gap-1 rounded-full px-2 py-0.5 text-micro font-semibold [&_svg]:size-3 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        neutral: "bg-sunken text-ink-2",
        brand: "bg-brand-tint text-brand",
        ok: "bg-ok-tint text-ok",
        warn: "bg-warn-tint text-warn",
        bad: "bg-bad-tint text-bad",
        info: "bg-info-tint text-info",
        outline: "border border-line text-ink-2",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export type Tone = NonNullable<VariantProps<typeof chipStyles>["tone"]>;

/** A word about a thing: its state, a tag. With `onRemove` it carries a remove button named `removeLabel`. */
export function Chip({
  tone,
  icon,
  className,
  children,
  onRemove,
  removeLabel,
}: {
  tone?: Tone;
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
  onRemove?: () => void;
  removeLabel?: string;
}) {
  return (
    <span className={cn(chipStyles({ tone }), className)}>
      {icon}
      <span className="truncate">{children}</span>
      {onRemove && (
        <button
          type="button"
          aria-label={removeLabel}
          onClick={onRemove}
          className="-me-1.5 grid size-6 place-items-center rounded-full hover:bg-canvas"
        >
          <X />
        </button>
      )}
    </span>
  );
}

/** A count. Marigold means one thing only: this waits for you. */
export function CountBadge({
  value,
  max = 99,
  tone = "brand",
  label,
  className,
}: {
  value: number;
  max?: number;
  tone?: "brand" | "waiting" | "neutral";
  /** Read out instead of the bare figure. */
  label: string;
  className?: string;
}) {
  if (value <= 0) return null;
  const look = {
    brand: "bg-brand text-brand-ink",
    waiting: "bg-marigold text-plum",
    neutral: "bg-sunken text-ink-2",
  }[tone];
  return (
    <span
      className={cn(
        "tabular inline-grid h-5 min-w-5 place-items-center rounded-full px-1.5 text-micro font-bold",
        look,
        className,
      )}
    >
      <span aria-hidden="true">{value > max ? `${max}+` : value}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}

/** A coloured dot which always stands beside its word. */
export function Dot({ tone }: { tone: "ok" | "warn" | "bad" | "neutral" }) {
  const look = { ok: "bg-ok", warn: "bg-warn", bad: "bg-bad", neutral: "bg-line-strong" }[tone];
  return <span aria-hidden="true" className={cn("inline-block size-2 shrink-0 rounded-full", look)} />;
}
