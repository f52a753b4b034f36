import { MessagesSquare } from "lucide-react";
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/kit/button";
import { ErrorState } from "@/kit/error-state";
import { Skeleton } from "@/kit/skeleton";
import { toast } from "@/kit/toast";
import type { Conversation, Message } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { contactName } from "@/shared/people/name";
import { useCan } from "@/shared/permissions/use-can";
import { useSession } from "@/shared/session/session";
import { useShortcut } from "@/shared/shortcuts/shortcuts";
import { useChangeConversation, useConversation, useMarkRead } from "../api";
import { wordsOf } from "../content";
import { removeEntry } from "../outbox";
import type { Entry } from "../outbox-entry";
import { Composer, type ComposerHandle } from "./composer";
import { DropZone } from "./drop-zone";
import { MessageList } from "./message-list";
import { ThreadHeader } from "./thread-header";

const TemplateDialog = lazy(() =>
  import("./template-dialog").then((module) => ({ default: module.TemplateDialog })),
);

type Props = { id: string; panelOpen: boolean; onPanel: () => void; onBack: () => void; onNext: () => void };

/** One conversation: who, what was said, and the answer. */
export function ThreadPane({ id, ...rest }: Props) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const query = useConversation(id);
  useMarkRead(query.data);
  if (query.data) return <Thread key={id} conversation={query.data} {...rest} />;
  if (query.isError)
    return (
      <ErrorState
        className="m-auto"
        error={errorText(query.error)}
        onRetry={() => void query.refetch()}
        busy={query.isFetching}
        action={<Button onClick={rest.onBack}>{t("inbox.back_to_list")}</Button>}
      />
    );
  return (
    <div
      role="status"
      aria-label={t("kit.loading")}
      className="flex h-15 items-center gap-3 border-b border-line bg-surface px-5"
    >
      <Skeleton className="size-10 rounded-full" />
      <Skeleton className="h-4 w-40" />
    </div>
  );
}

function Thread({
  conversation,
  panelOpen,
  onPanel,
  onBack,
  onNext,
}: Omit<Props, "id"> & { conversation: Conversation }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const mayReply = useCan("inbox.reply");
  const mayAssign = useCan("inbox.assign");
  const composer = useRef<ComposerHandle>(null);
  const [template, setTemplate] = useState(false);
  const [assigning, setAssigning] = useState(false);
  const [replyTo, setReplyTo] = useState<{ id: string; preview: string } | null>(null);
  const change = useChangeConversation(conversation);

  const setStatus = (status: Conversation["status"]) => {
    if (!mayReply || status === conversation.status) return;
    const before = conversation.status;
    change({ status });
    toast(t(`inbox.now_${status}`, { name: contactName(conversation.contact, t("inbox.unknown_person")) }), {
      action: { label: t("inbox.undo"), run: () => change({ status: before }) },
    });
  };
  const group = t("nav.inbox");
  useShortcut("r", { label: t("inbox.key_reply"), group, enabled: mayReply }, () =>
    composer.current?.focus("reply"),
  );
  useShortcut("n", { label: t("inbox.key_note"), group, enabled: mayReply }, () =>
    composer.current?.focus("note"),
  );
  useShortcut("t", { label: t("inbox.key_template"), group, enabled: mayReply }, () => setTemplate(true));
  useShortcut("a", { label: t("inbox.key_assign"), group }, () => setAssigning(true));
  useShortcut("m", { label: t("inbox.key_me"), group, enabled: mayAssign }, () =>
    change({ assignee: { id: user.id, name: user.name } }),
  );
  useShortcut("e", { label: t("inbox.key_resolve"), group, enabled: mayReply }, () => setStatus("resolved"));
  useShortcut("shift+e", { label: t("inbox.key_resolve_next"), group, enabled: mayReply }, () => {
    setStatus("resolved");
    onNext();
  });
  useShortcut("p", { label: t("inbox.key_pending"), group, enabled: mayReply }, () => setStatus("pending"));
  useShortcut("o", { label: t("inbox.key_reopen"), group, enabled: mayReply }, () => setStatus("open"));
  useShortcut("i", { label: t("inbox.contact_panel"), group }, onPanel);

  const actions = useMemo(
    () => ({
      onReply: (message: Message) => {
        setReplyTo({ id: message.id, preview: wordsOf(message.type, message.content) });
        composer.current?.focus("reply");
      },
      onTemplate: () => setTemplate(true),
      mayReply,
    }),
    [mayReply],
  );
  const edit = useCallback((entry: Entry) => {
    if (entry.kind !== "text" && entry.kind !== "note") return;
    composer.current?.put(entry.kind === "note" ? "note" : "reply", entry.text);
    removeEntry(entry.key);
  }, []);

  return (
    <>
      <ThreadHeader
        conversation={conversation}
        panelOpen={panelOpen}
        onPanel={onPanel}
        onBack={onBack}
        onStatus={setStatus}
        assignOpen={assigning}
        onAssignOpen={setAssigning}
      />
      <DropZone
        enabled={mayReply && conversation.window.open}
        onFiles={(files) => composer.current?.attach(files)}
      >
        <MessageList conversation={conversation} actions={actions} onEdit={edit} />
        <Composer
          ref={composer}
          conversation={conversation}
          replyTo={replyTo}
          onReplyTo={setReplyTo}
          onTemplate={() => setTemplate(true)}
        />
      </DropZone>
      {template && (
        <Suspense>
          <TemplateDialog conversation={conversation} onClose={() => setTemplate(false)} />
        </Suspense>
      )}
    </>
  );
}

/** The middle of the page while no conversation is open. */
export function NothingOpen() {
  const { t } = useTranslation();
  return (
    <div className="m-auto flex max-w-sm flex-col items-center gap-2 px-6 text-center text-ink-2">
      <MessagesSquare className="size-8 text-ink-3" strokeWidth={1.5} aria-hidden="true" />
      <p className="font-semibold text-ink">{t("inbox.nothing_open")}</p>
      <p className="text-pretty text-small">{t("inbox.nothing_open_text")}</p>
    </div>
  );
}
