import { Check, UserRoundMinus, UserRoundPlus } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/kit/avatar";
import { cn } from "@/kit/cn";
import { Popover } from "@/kit/popover";
import type { Conversation, Named } from "@/shared/api/types";
import { useCan } from "@/shared/permissions/use-can";
import { useSession } from "@/shared/session/session";
import { useChangeConversation, useMembers } from "../api";

/** Who takes care of the conversation: me, somebody of the team, or nobody. */
export function AssignMenu({
  conversation,
  trigger,
  open,
  onOpenChange,
}: {
  conversation: Conversation;
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const { user } = useSession();
  const mayAssign = useCan("inbox.assign");
  const members = useMembers();
  const change = useChangeConversation(conversation);
  const choose = (assignee: Named | null) => {
    onOpenChange(false);
    if (assignee?.id !== conversation.assignee?.id) change({ assignee });
  };
  const others = members.filter((member) => member.user_id !== user.id);
  return (
    <Popover
      trigger={trigger}
      label={t("inbox.assign")}
      align="end"
      className="w-64 p-1"
      open={open}
      onOpenChange={onOpenChange}
    >
      {!mayAssign ? (
        <p className="p-2 text-compact text-ink-2">{t("inbox.may_not_assign")}</p>
      ) : (
        <ul>
          <Choice
            onChoose={() => choose({ id: user.id, name: user.name })}
            chosen={conversation.assignee?.id === user.id}
            icon={<UserRoundPlus className="size-4 text-ink-2" aria-hidden="true" />}
          >
            {t("inbox.assign_me")}
          </Choice>
          {others.map((member) => (
            <Choice
              key={member.user_id}
              onChoose={() => choose({ id: member.user_id, name: member.name })}
              chosen={conversation.assignee?.id === member.user_id}
              icon={<Avatar id={member.user_id} name={member.name} size={20} />}
            >
              <bdi>{member.name}</bdi>
            </Choice>
          ))}
          {conversation.assignee && (
            <Choice
              onChoose={() => choose(null)}
              chosen={false}
              icon={<UserRoundMinus className="size-4 text-ink-2" aria-hidden="true" />}
            >
              {t("inbox.assign_nobody")}
            </Choice>
          )}
        </ul>
      )}
    </Popover>
  );
}

function Choice({
  icon,
  chosen,
  onChoose,
  children,
}: {
  icon: ReactNode;
  chosen: boolean;
  onChoose: () => void;
  children: ReactNode;
}) {
  return (
    <li>
      <button
        type="button"
        onClick={onChoose}
        aria-pressed={chosen}
        className={cn(
          "flex min-h-9 w-full items-center gap-2.5 rounded-md px-2 text-start text-compact hover:bg-sunken focus-visible:bg-sunken max-md:min-h-11",
          chosen && "font-semibold",
        )}
      >
        <span className="grid w-5 place-items-center">{icon}</span>
        <span className="min-w-0 flex-1 truncate">{children}</span>
        {chosen && <Check className="size-4 text-brand" aria-hidden="true" />}
      </button>
    </li>
  );
}
