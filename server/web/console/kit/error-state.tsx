import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button";
import { cn } from "./cn";
import { CopyButton } from "./copy";

/** What an error has to offer: words first, code and request id for those who need them. */
export type ErrorInfo = { message: string; code?: string | null; requestId?: string | null };

/** What happened and what to do now. Takes the place of the part that failed, never of the whole page. */
export function ErrorState({
  error,
  title,
  onRetry,
  busy,
  action,
  className,
}: {
  error: ErrorInfo;
  title?: ReactNode;
  onRetry?: () => void;
  busy?: boolean;
  action?: ReactNode;
  className?: string;
}) {
  const { t } = useTranslation();
  return (
    <div
      role="alert"
      className={cn("mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-10 text-center", className)}
    >
      <span className="grid size-11 place-items-center rounded-full bg-bad-tint text-bad">
        <TriangleAlert className="size-5" aria-hidden="true" />
      </span>
      <h2 className="text-title font-bold">{title ?? t("kit.error_title")}</h2>
      <p className="text-pretty text-ink-2">
        <bdi>{error.message}</bdi>
      </p>
      <div className="mt-2 flex flex-wrap justify-center gap-2">
        {onRetry && (
          <Button variant="primary" busy={busy} onClick={onRetry}>
            {t("kit.retry")}
          </Button>
        )}
        {action}
      </div>
      <ErrorDetails error={error} />
    </div>
  );
}

/** Code and request id behind one word, with a button that copies both. */
export function ErrorDetails({ error }: { error: ErrorInfo }) {
  const { t } = useTranslation();
  const text = [error.code, error.requestId].filter(Boolean).join(" · ");
  if (text === "") return null;
  return (
    <details className="mt-1 text-small text-ink-3">
      <summary className="cursor-pointer rounded-sm px-1">{t("kit.details")}</summary>
      <span className="mt-1 inline-flex items-center gap-1 break-all font-mono" dir="ltr">
        {text}
        <CopyButton value={text} label={t("kit.copy")} />
      </span>
    </details>
  );
}

/** A refused action inside a form or a dialog. */
export function ErrorNote({ error, className }: { error: ErrorInfo; className?: string }) {
  return (
    <div
      role="alert"
      className={cn("flex items-start gap-2.5 rounded-lg bg-bad-tint px-3 py-2.5 text-bad", className)}
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <div className="min-w-0">
        <p>
          <bdi>{error.message}</bdi>
        </p>
        <ErrorDetails error={error} />
      </div>
    </div>
  );
}
