import { Bot, LayoutTemplate, Megaphone, Smartphone, StickyNote } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/kit/cn";
import type { Message } from "@/shared/api/types";

export type Side = "in" | "out" | "note";

/** The shape around what was said: theirs at the start, ours at the end, notes on marigold paper. */
export function Bubble({
  side,
  first,
  waiting,
  flash,
  provenance,
  children,
  foot,
}: {
  side: Side;
  first: boolean;
  waiting?: boolean;
  flash?: boolean;
  provenance?: ReactNode;
  children: ReactNode;
  foot: ReactNode;
}) {
  return (
    <div
      className={cn(
        "min-w-20 max-w-full rounded-bubble px-3 py-2 text-body leading-[20px] transition-colors duration-240",
        side === "in" && "border border-line bg-raised shadow-1",
        side === "in" && first && "rounded-ss-[4px]",
        side === "out" && "bg-brand-tint-2 dark:bg-brand-tint",
        side === "out" && first && "rounded-se-[4px]",
        side === "note" && "border border-dashed border-note-line bg-note",
        waiting && "opacity-75",
        flash && "outline-2 outline-marigold",
      )}
    >
      {provenance}
      {children}
      <div className="tabular mt-0.5 flex items-center justify-end gap-1.5 text-micro font-normal text-ink-2">
        {foot}
      </div>
    </div>
  );
}

/** Who sent it, in small type: a person, a campaign, another system. */
export function Provenance({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { author, direction, type } = message;
  if (direction === "inbound") return null;
  const name = author.name ?? t(`inbox.author_${author.kind}`);
  const look = "mb-0.5 flex items-center gap-1 text-micro font-semibold text-ink-2 [&_svg]:size-3";
  if (direction === "note")
    return (
      <p className={look}>
        <StickyNote aria-hidden="true" />
        {t("inbox.note_by", { name })}
      </p>
    );
  return (
    <p className={look}>
      {author.kind === "campaign" ? (
        <Megaphone aria-hidden="true" />
      ) : author.kind === "api" || author.kind === "system" ? (
        <Bot aria-hidden="true" />
      ) : author.kind === "phone" ? (
        <Smartphone aria-hidden="true" />
      ) : (
        type === "template" && <LayoutTemplate aria-hidden="true" />
      )}
      <bdi>{author.kind === "campaign" ? t("inbox.by_campaign", { name }) : name}</bdi>
    </p>
  );
}

/** The message that is answered, above the answer. Pressed, it leads there. */
export function Quote({ preview, onJump }: { preview: string; onJump?: () => void }) {
  const { t } = useTranslation();
  const look =
    "mb-1.5 block w-full rounded-lg border-s-3 border-brand bg-ink/5 px-2 py-1 text-start text-small text-ink-2";
  const words = (
    <span dir="auto" className="line-clamp-2">
      {preview || t("inbox.quote_empty")}
    </span>
  );
  return onJump ? (
    <button
      type="button"
      className={cn(look, "hover:bg-ink/10")}
      onClick={onJump}
      aria-label={t("inbox.jump_to", { preview })}
    >
      {words}
    </button>
  ) : (
    <span className={look}>{words}</span>
  );
}
