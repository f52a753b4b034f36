import { Link } from "@tanstack/react-router";
import { StickyNote } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/kit/avatar";
import { Chip, CountBadge } from "@/kit/chip";
import { cn } from "@/kit/cn";
import type { Conversation } from "@/shared/api/types";
import { useFormat } from "@/shared/format/use-format";
import { useNow } from "@/shared/format/use-now";
import { StatusMark } from "@/shared/messages/status-mark";
import { ContactAvatar } from "@/shared/people/contact-avatar";
import { contactName } from "@/shared/people/name";
import { KindIcon, kindOf } from "./kind-icon";

/** One conversation of the list: ring, name, time, last line, what waits. The whole row is the link. */
export const ConversationRow = memo(function ConversationRow({
  conversation,
  active,
  draft,
  showAssignee,
  rowProps,
}: {
  conversation: Conversation;
  active: boolean;
  draft: boolean;
  showAssignee: boolean;
  rowProps: { "data-row": number; tabIndex: number; onFocus: () => void };
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { contact, unread, assignee } = conversation;
  const at = conversation.last_message_at;
  const tag = contact.tags[0];
  return (
    <Link
      to="/app/inbox/$id"
      params={{ id: conversation.id }}
      search={true}
      preload={false}
      aria-current={active ? "page" : undefined}
      {...rowProps}
      className={cn(
        "flex h-19 w-full gap-3 border-b border-line px-3.5 py-3 text-start -outline-offset-2 hover:bg-sunken",
        active && "bg-brand-tint hover:bg-brand-tint",
      )}
    >
      <ContactAvatar contact={contact} window={conversation.window} size={42} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className={cn("flex min-w-0 flex-1", unread > 0 ? "font-bold" : "font-semibold")}>
            <bdi className="truncate">{contactName(contact, t("inbox.unknown_person"))}</bdi>
          </span>
          {at && (
            <time
              dateTime={at}
              title={format.exact(at)}
              className={cn(
                "tabular shrink-0 text-micro",
                unread > 0 ? "font-bold text-brand" : "text-ink-3",
              )}
            >
              {format.short(at, now)}
            </time>
          )}
        </span>
        <span className="mt-1 flex items-center gap-1.5">
          <LastLine conversation={conversation} draft={draft} />
          {contact.opted_out && <Chip tone="warn">{t("inbox.opted_out")}</Chip>}
          {tag && (
            <Chip className="max-w-24">
              <bdi>{tag}</bdi>
            </Chip>
          )}
          {showAssignee && assignee && (
            <span title={assignee.name} className="shrink-0">
              <Avatar id={assignee.id} name={assignee.name} size={20} />
              <span className="sr-only">{t("inbox.assigned_to", { name: assignee.name })}</span>
            </span>
          )}
          <CountBadge value={unread} tone="waiting" label={t("inbox.unread", { count: unread })} />
        </span>
      </span>
    </Link>
  );
});

function LastLine({ conversation, draft }: { conversation: Conversation; draft: boolean }) {
  const { t } = useTranslation();
  const last = conversation.last_message;
  const look = cn(
    "flex min-w-0 flex-1 items-center gap-1 text-compact",
    conversation.unread > 0 ? "text-ink" : "text-ink-2",
  );
  if (draft)
    return (
      <span className={look}>
        <span className="truncate font-medium text-brand">{t("inbox.draft")}</span>
      </span>
    );
  if (!last) return <span className={look}>{t("inbox.no_messages_yet")}</span>;
  return (
    <span className={look}>
      {last.direction === "outbound" && last.status && (
        <StatusMark status={last.status} className="text-ink-3" />
      )}
      {last.direction === "note" ? (
        <StickyNote className="size-3.5 shrink-0 text-ink-3" aria-hidden="true" />
      ) : (
        last.type !== "text" && <KindIcon type={last.type} className="size-3.5 shrink-0 text-ink-3" />
      )}
      <bdi className="truncate">
        {last.preview || (last.type === "text" ? "" : t(`inbox.kind_${kindOf(last.type)}`))}
      </bdi>
    </span>
  );
}
