import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** What went wrong with a message, in words under it, and what can be done. */
export function FailureLine({ words, children }: { words: string; children?: ReactNode }) {
  return (
    <div
      role="alert"
      className="mt-1 flex max-w-full flex-wrap items-center justify-end gap-x-2 text-small text-bad"
    >
      <span className="flex min-w-0 items-start gap-1">
        <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden="true" />
        <span className="text-pretty">{words}</span>
      </span>
      {children}
    </div>
  );
}

/** One of the ways out: underlined words, large enough for a finger. */
export function FailureAction({
  onClick,
  busy,
  children,
}: {
  onClick: () => void;
  busy?: boolean;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
      className="min-h-6 rounded-md px-1 font-semibold text-brand underline-offset-2 hover:underline"
    >
      {children}
    </button>
  );
}
