import {
  ArrowLeft,
  Check,
  ChevronDown,
  Clock3,
  EllipsisVertical,
  Link2,
  PanelRight,
  RotateCcw,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/kit/avatar";
import { Button, IconButton } from "@/kit/button";
import { Chip } from "@/kit/chip";
import { cn } from "@/kit/cn";
import { Menu, MenuItem } from "@/kit/menu";
import { toast } from "@/kit/toast";
import type { Conversation } from "@/shared/api/types";
import { ContactAvatar } from "@/shared/people/contact-avatar";
import { contactName } from "@/shared/people/name";
import { useCan } from "@/shared/permissions/use-can";
import { useReplyWindow, type WindowTone } from "../window";
import { AssignMenu } from "./assign-menu";

const TONE: Record<WindowTone, string> = {
  open: "text-ok",
  soon: "text-warn",
  closing: "text-bad",
  counting: "text-bad font-semibold",
  closed: "text-ink-3",
};

/** Who it is, how long free replies are possible, who takes care of it, and where it stands. */
export function ThreadHeader({
  conversation,
  panelOpen,
  onPanel,
  onBack,
  onStatus,
  assignOpen,
  onAssignOpen,
}: {
  conversation: Conversation;
  panelOpen: boolean;
  onPanel: () => void;
  onBack: () => void;
  onStatus: (status: Conversation["status"]) => void;
  assignOpen: boolean;
  onAssignOpen: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const window = useReplyWindow(conversation.window);
  const name = contactName(conversation.contact, t("inbox.unknown_person"));
  return (
    <header className="flex min-h-15 shrink-0 items-center gap-3 border-b border-line bg-surface px-5 py-2 max-md:gap-1.5 max-md:px-2">
      <IconButton label={t("inbox.back_to_list")} onClick={onBack} className="md:hidden">
        <ArrowLeft className="flip-rtl size-5" aria-hidden="true" />
      </IconButton>
      <ContactAvatar contact={conversation.contact} window={conversation.window} size={38} />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <h2 className="flex min-w-0 text-[15px] font-bold leading-5">
            <bdi className="truncate">{name}</bdi>
          </h2>
          {conversation.contact.opted_out && <Chip tone="warn">{t("inbox.opted_out")}</Chip>}
        </div>
        <p className="flex items-center gap-1 text-small text-ink-2">
          <Clock3 className={cn("size-3.5 shrink-0", TONE[window.tone])} aria-hidden="true" />
          <span
            title={window.text}
            className={cn("tabular truncate", window.tone === "counting" && TONE.counting)}
            aria-hidden={window.tone === "counting" || undefined}
          >
            {window.text}
          </span>
        </p>
      </div>
      <AssignMenu
        conversation={conversation}
        open={assignOpen}
        onOpenChange={onAssignOpen}
        trigger={
          <Button
            size="sm"
            aria-label={
              conversation.assignee
                ? t("inbox.assigned_to_change", { name: conversation.assignee.name })
                : t("inbox.assign")
            }
            className="max-w-40 max-md:size-11 max-md:border-0 max-md:bg-transparent max-md:p-0 max-md:shadow-none"
          >
            {conversation.assignee ? (
              <>
                <Avatar id={conversation.assignee.id} name={conversation.assignee.name} size={20} />
                <span className="truncate max-md:hidden">
                  <bdi>{conversation.assignee.name.split(" ")[0]}</bdi>
                </span>
              </>
            ) : (
              <>
                <Avatar id="" name={null} size={20} />
                <span className="truncate max-lg:hidden">{t("inbox.assign")}</span>
              </>
            )}
            <ChevronDown className="size-3.5 max-md:hidden" aria-hidden="true" />
          </Button>
        }
      />
      <StatusButtons conversation={conversation} onStatus={onStatus} onPanel={onPanel} />
      <IconButton
        label={t("inbox.contact_panel")}
        aria-pressed={panelOpen}
        size="icon-sm"
        onClick={onPanel}
        className="max-md:hidden"
      >
        <PanelRight className="flip-rtl size-4.5" aria-hidden="true" />
      </IconButton>
    </header>
  );
}

function StatusButtons({
  conversation,
  onStatus,
  onPanel,
}: {
  conversation: Conversation;
  onStatus: (status: Conversation["status"]) => void;
  onPanel: () => void;
}) {
  const { t } = useTranslation();
  const reason = useCan("inbox.reply") ? null : t("inbox.may_not_reply");
  const resolved = conversation.status === "resolved";
  const copyLink = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      toast(t("kit.copied"));
    } catch {
      toast(t("kit.copy_refused"), { tone: "bad" });
    }
  };
  const Icon = resolved ? RotateCcw : Check;
  return (
    <>
      <Button
        size="sm"
        variant={resolved ? "secondary" : "primary"}
        reason={reason}
        onClick={() => onStatus(resolved ? "open" : "resolved")}
        className="max-md:size-10 max-md:p-0"
      >
        <Icon className="size-4" aria-hidden="true" />
        <span className="max-md:sr-only">{resolved ? t("inbox.reopen") : t("inbox.resolve")}</span>
      </Button>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("inbox.more_actions")} size="icon-sm" className="max-md:size-11">
            <EllipsisVertical className="size-4.5" aria-hidden="true" />
          </IconButton>
        }
      >
        {conversation.status !== "pending" && (
          <MenuItem icon={<Clock3 />} disabled={reason !== null} onSelect={() => onStatus("pending")}>
            {t("inbox.set_pending")}
          </MenuItem>
        )}
        {conversation.status === "pending" && (
          <MenuItem icon={<RotateCcw />} disabled={reason !== null} onSelect={() => onStatus("open")}>
            {t("inbox.reopen")}
          </MenuItem>
        )}
        <MenuItem icon={<PanelRight className="flip-rtl" />} onSelect={onPanel}>
          {t("inbox.contact_panel")}
        </MenuItem>
        <MenuItem icon={<Link2 />} onSelect={() => void copyLink()}>
          {t("inbox.copy_link")}
        </MenuItem>
      </Menu>
    </>
  );
}
