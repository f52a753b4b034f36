import { Ban, Check, CheckCheck, CircleAlert, CircleHelp, Clock3 } from "lucide-react";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/kit/cn";
import type { MessageStatus } from "../api/types";

/** The word for a state, in the language of the page. */
export function useStatusWord(): (status: MessageStatus) => string {
  const { t } = useTranslation();
  return useCallback((status: MessageStatus) => t(`inbox.status_${status}`), [t]);
}

const ICON = {
  queued: Clock3,
  sending: Clock3,
  accepted: Check,
  sent: Check,
  delivered: CheckCheck,
  read: CheckCheck,
  failed: CircleAlert,
  skipped: Ban,
  ambiguous: CircleHelp,
  unconfirmed: CircleHelp,
} satisfies Record<MessageStatus, unknown>;

const TONE: Partial<Record<MessageStatus, string>> = {
  read: "text-tick-read",
  failed: "text-bad",
  ambiguous: "text-warn",
  unconfirmed: "text-warn",
};

/** One tick taken over, two delivered, two blue read; others have a sign and always a word for it. */
export function StatusMark({ status, className }: { status: MessageStatus; className?: string }) {
  const word = useStatusWord()(status);
  const Icon = ICON[status] ?? CircleHelp;
  return (
    <span className={cn("inline-flex shrink-0", className, TONE[status])} data-status={status}>
      <Icon className="size-4" strokeWidth={1.9} aria-hidden="true" />
      <span className="sr-only">{word}</span>
    </span>
  );
}
