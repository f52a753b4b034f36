import { Copy, EllipsisVertical, Reply } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/kit/button";
import { cn } from "@/kit/cn";
import { Menu, MenuItem } from "@/kit/menu";
import { toast } from "@/kit/toast";
import type { Message } from "@/shared/api/types";
import { useFormat } from "@/shared/format/use-format";
import { needsTemplate, useCause } from "@/shared/messages/use-cause";
import { useResend } from "../api";
import { wordsOf } from "../content";
import { Bubble, Provenance, Quote, type Side } from "./bubble";
import { FailureAction, FailureLine } from "./failure-line";
import { MessageContent } from "./message-content";
import { MessageState } from "./message-state";

const SIDE: Record<Message["direction"], Side> = { inbound: "in", outbound: "out", note: "note" };

export type RowActions = {
  onReply: (message: Message) => void;
  onJump: (id: string) => void;
  onTemplate: () => void;
  mayReply: boolean;
};

/** One message of the thread with everything that belongs to it. */
export const MessageRow = memo(function MessageRow({
  message,
  first,
  last,
  flash,
  actions,
}: {
  message: Message;
  first: boolean;
  last: boolean;
  flash: boolean;
  actions: RowActions;
}) {
  const format = useFormat();
  const side = SIDE[message.direction] ?? "in";
  return (
    <div
      className={cn(
        "group flex flex-col px-5 max-md:px-3",
        side === "in" ? "items-start" : "items-end",
        first ? "pt-1.5" : "pt-0.5",
        last && "pb-1",
      )}
    >
      <div
        className={cn("flex max-w-[min(560px,88%)] items-center gap-1", side !== "in" && "flex-row-reverse")}
      >
        <Bubble
          side={side}
          first={first}
          flash={flash}
          provenance={
            <>
              {first && <Provenance message={message} />}
              {message.reply_to && <QuoteOf message={message} onJump={actions.onJump} />}
            </>
          }
          foot={
            <>
              <time dateTime={message.created_at} title={format.exact(message.created_at)}>
                {format.time(message.created_at)}
              </time>
              {message.direction === "outbound" && message.status && (
                <MessageState message={message} status={message.status} />
              )}
            </>
          }
        >
          <MessageContent message={message} />
        </Bubble>
        <MessageMenu message={message} actions={actions} />
      </div>
      <Reactions message={message} />
      <Outcome message={message} actions={actions} />
    </div>
  );
});

function QuoteOf({ message, onJump }: { message: Message; onJump: (id: string) => void }) {
  const { reply_to } = message;
  return reply_to ? <Quote preview={reply_to.preview} onJump={() => onJump(reply_to.id)} /> : null;
}

function MessageMenu({ message, actions }: { message: Message; actions: RowActions }) {
  const { t } = useTranslation();
  const words = wordsOf(message.type, message.content);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(words);
      toast(t("kit.copied"));
    } catch {
      toast(t("kit.copy_refused"), { tone: "bad" });
    }
  };
  const mayQuote = actions.mayReply && message.direction !== "note";
  if (!mayQuote && words === "") return null;
  return (
    <Menu
      align="center"
      trigger={
        <IconButton
          label={t("inbox.message_actions")}
          size="icon-sm"
          className="size-7 shrink-0 opacity-0 focus-visible:opacity-100 group-hover:opacity-100 group-focus-within:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-60"
        >
          <EllipsisVertical className="size-4" aria-hidden="true" />
        </IconButton>
      }
    >
      {mayQuote && (
        <MenuItem icon={<Reply className="flip-rtl" />} onSelect={() => actions.onReply(message)}>
          {t("inbox.reply_to")}
        </MenuItem>
      )}
      {words !== "" && (
        <MenuItem icon={<Copy />} onSelect={() => void copy()}>
          {t("inbox.copy_text")}
        </MenuItem>
      )}
    </Menu>
  );
}

function Reactions({ message }: { message: Message }) {
  const { t } = useTranslation();
  if (message.reactions.length === 0) return null;
  return (
    <ul aria-label={t("inbox.reactions")} className="-mt-1.5 flex gap-1 px-2">
      {message.reactions.map((reaction) => (
        <li
          key={`${reaction.author.id}${reaction.emoji}`}
          title={reaction.author.name ?? undefined}
          className="rounded-full border border-line bg-raised px-1.5 text-compact shadow-1"
        >
          {reaction.emoji}
        </li>
      ))}
    </ul>
  );
}

/** Under a message that did not arrive, or of which we cannot know: why, and what can be done. */
function Outcome({ message, actions }: { message: Message; actions: RowActions }) {
  const { t } = useTranslation();
  const causeOf = useCause();
  const resend = useResend();
  if (message.status !== "failed" && message.status !== "unconfirmed") return null;
  const again = (
    <FailureAction busy={resend.isPending} onClick={() => resend.mutate(message.id)}>
      {t("inbox.resend")}
    </FailureAction>
  );
  if (message.status === "unconfirmed")
    return (
      <div className="mt-1 flex flex-wrap items-center justify-end gap-x-2 text-small text-warn">
        <span>{t("inbox.unconfirmed_words")}</span>
        {actions.mayReply && again}
      </div>
    );
  const cause = causeOf(message.error ?? { code: "", message: "" });
  return (
    <FailureLine words={[cause.message, cause.advice].filter(Boolean).join(" ")}>
      {actions.mayReply &&
        (needsTemplate(message.error?.code ?? "") ? (
          <FailureAction onClick={actions.onTemplate}>{t("inbox.send_template")}</FailureAction>
        ) : (
          again
        ))}
    </FailureLine>
  );
}
