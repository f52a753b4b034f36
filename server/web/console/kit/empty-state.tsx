import type { ReactNode } from "react";
import { cn } from "./cn";

/** What the thing is for, in one sentence, and the first step. Drawn from the product's own parts. */
export function EmptyState({
  title,
  text,
  action,
  art = "bubble",
  className,
}: {
  title: ReactNode;
  text?: ReactNode;
  action?: ReactNode;
  art?: "bubble" | "ring" | "people" | "none";
  className?: string;
}) {
  return (
    <div
      className={cn("mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-12 text-center", className)}
    >
      {art !== "none" && <Art kind={art} />}
      <h2 className="text-title font-bold">{title}</h2>
      {text && <p className="text-pretty text-ink-2">{text}</p>}
      {action && <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

function Art({ kind }: { kind: "bubble" | "ring" | "people" }) {
  const stroke = { fill: "none", strokeWidth: 2.5, strokeLinecap: "round" as const };
  return (
    <svg width="112" height="72" viewBox="0 0 112 72" aria-hidden="true" className="mb-2">
      {kind === "bubble" && (
        <>
          <rect
            x="8"
            y="6"
            width="62"
            height="28"
            rx="12"
            className="fill-raised stroke-line"
            strokeWidth="1.5"
          />
          <path d="M20 17h34M20 24h20" {...stroke} className="stroke-line" />
          <rect x="44" y="40" width="60" height="26" rx="12" className="fill-brand-tint-2" />
          <path d="M56 53h28" {...stroke} className="stroke-brand" opacity="0.5" />
        </>
      )}
      {kind === "ring" && (
        <>
          <circle cx="56" cy="36" r="27" {...stroke} className="stroke-line" />
          <path d="M56 9a27 27 0 1 1-27 27" {...stroke} className="stroke-ok" />
          <circle cx="56" cy="36" r="19" className="fill-brand-tint" />
        </>
      )}
      {kind === "people" && (
        <>
          <circle cx="34" cy="36" r="17" className="fill-sunken" />
          <circle cx="78" cy="36" r="17" className="fill-sunken" />
          <circle cx="56" cy="36" r="22" className="fill-brand-tint stroke-surface" strokeWidth="4" />
          <circle
            cx="56"
            cy="36"
            r="25"
            {...stroke}
            className="stroke-brand"
            strokeDasharray="118 157"
            transform="rotate(-90 56 36)"
          />
        </>
      )}
    </svg>
  );
}
