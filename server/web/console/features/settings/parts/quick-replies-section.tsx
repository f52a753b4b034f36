import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/kit/button";
import { ConfirmDialog } from "@/kit/confirm-dialog";
import { EmptyState } from "@/kit/empty-state";
import { ErrorNote, ErrorState } from "@/kit/error-state";
import { Card } from "@/kit/page-header";
import { CardSkeleton } from "@/kit/skeleton";
import type { QuickReply } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useCan } from "@/shared/permissions/use-can";
import { useDeleteQuickReply, useQuickReplies } from "../api";
import { QuickReplyDialog } from "./quick-reply-dialog";

type Open =
  | { kind: "none" }
  | { kind: "edit"; reply: QuickReply | null }
  | { kind: "delete"; reply: QuickReply };

/** Prepared texts of the team, called with a slash in the composer. */
export function QuickRepliesSection() {
  const { t } = useTranslation();
  const may = useCan("quick_replies.manage");
  const replies = useQuickReplies();
  const remove = useDeleteQuickReply();
  const errorText = useErrorText();
  const [open, setOpen] = useState<Open>({ kind: "none" });
  const close = () => {
    remove.reset();
    setOpen({ kind: "none" });
  };
  const add = may && (
    <Button variant="primary" onClick={() => setOpen({ kind: "edit", reply: null })}>
      <Plus className="size-4" aria-hidden="true" />
      {t("replies.add")}
    </Button>
  );
  if (replies.isPending) return <CardSkeleton label={t("kit.loading")} />;
  if (!replies.data) {
    return (
      <ErrorState
        error={errorText(replies.error)}
        onRetry={() => void replies.refetch()}
        busy={replies.isFetching}
      />
    );
  }
  return (
    <>
      {replies.data.length === 0 ? (
        <EmptyState title={t("replies.empty_title")} text={t("replies.empty_text")} action={add} />
      ) : (
        <Card title={t("settings.quick_replies")} text={t("replies.text")} actions={add}>
          <ul className="divide-y divide-line">
            {replies.data.map((reply) => (
              <li key={reply.id} className="flex items-start gap-3 py-3">
                <code className="mt-px shrink-0 rounded-md bg-sunken px-1.5 py-0.5 text-small">
                  /{reply.shortcut}
                </code>
                <div className="min-w-0 flex-1">
                  <p className="font-semibold">
                    <bdi>{reply.title}</bdi>
                  </p>
                  <p className="line-clamp-2 whitespace-pre-wrap break-words text-ink-2">
                    <bdi>{reply.text}</bdi>
                  </p>
                </div>
                {may && (
                  <div className="flex">
                    <IconButton
                      label={t("replies.edit", { name: reply.title })}
                      onClick={() => setOpen({ kind: "edit", reply })}
                    >
                      <Pencil className="size-4" />
                    </IconButton>
                    <IconButton
                      label={t("replies.delete", { name: reply.title })}
                      onClick={() => setOpen({ kind: "delete", reply })}
                    >
                      <Trash2 className="size-4" />
                    </IconButton>
                  </div>
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
      {open.kind === "edit" && <QuickReplyDialog reply={open.reply} others={replies.data} onClose={close} />}
      {open.kind === "delete" && (
        <ConfirmDialog
          open
          onOpenChange={close}
          title={t("replies.delete_title", { name: open.reply.title })}
          description={t("replies.delete_text")}
          action={t("kit.delete")}
          busy={remove.isPending}
          error={remove.error && <ErrorNote error={errorText(remove.error)} />}
          onConfirm={() => remove.mutate(open.reply.id, { onSuccess: close })}
        />
      )}
    </>
  );
}
