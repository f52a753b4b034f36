import { useQueryClient } from "@tanstack/react-query";
import { type Ref, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/kit/cn";
import { newKey } from "@/shared/api/client";
import { type Pages, rowsOf } from "@/shared/api/queries";
import type { Conversation, Message } from "@/shared/api/types";
import { useChannels } from "@/shared/channels/channels";
import { useDraft } from "@/shared/drafts/use-draft";
import { useCan } from "@/shared/permissions/use-can";
import { type Attachment, attachmentOf } from "../attachments";
import { messagesPath } from "../events";
import { post } from "../outbox";
import { useReplyWindow } from "../window";
import { ComposerBox } from "./composer-box";
import { ChannelCard, ClosedCard } from "./composer-cards";

export type Mode = "reply" | "note";
export type ComposerHandle = {
  focus: (mode: Mode) => void;
  put: (mode: Mode, text: string) => void;
  attach: (files: File[]) => void;
};

/** Where the answer is written. It folds into a card that says why, when free words are not allowed now. */
export function Composer({
  conversation,
  replyTo,
  onReplyTo,
  onTemplate,
  ref,
}: {
  conversation: Conversation;
  replyTo: { id: string; preview: string } | null;
  onReplyTo: (quote: { id: string; preview: string } | null) => void;
  onTemplate: () => void;
  ref: Ref<ComposerHandle>;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [mode, setMode] = useState<Mode>("reply");
  const reply = useDraft(`reply.${conversation.id}`);
  const note = useDraft(`note.${conversation.id}`);
  const [text, setText, clear] = mode === "reply" ? reply : note;
  const [files, setFiles] = useState<Attachment[]>([]);
  const area = useRef<HTMLTextAreaElement>(null);
  const window = useReplyWindow(conversation.window);
  const channel = useChannels().data?.find(({ id }) => id === conversation.channel_id);

  const focusSoon = () => requestAnimationFrame(() => area.current?.focus());
  const attach = (added: File[]) => {
    setMode("reply");
    setFiles((old) => [...old, ...added.map(attachmentOf)]);
    focusSoon();
  };
  useImperativeHandle(ref, () => ({
    focus: (next) => {
      setMode(next);
      focusSoon();
    },
    put: (next, words) => {
      setMode(next);
      const [old, set] = next === "reply" ? reply : note;
      set(old === "" ? words : `${old}\n${words}`);
      focusSoon();
    },
    attach,
  }));

  const send = () => {
    const words = text.trim();
    const ready = mode === "reply" ? files.filter((file) => file.check.ok) : [];
    if (words === "" && ready.length === 0) return;
    const about = {
      conversationId: conversation.id,
      after: newestOf(client.getQueryData<Pages<Message>>(threadKey(client, conversation.id)))?.id ?? null,
    };
    const quote = mode === "reply" && replyTo ? { replyTo } : {};
    // A sound has no words under it, so they go as a message of their own.
    const withWords = ready.findIndex((file) => file.check.ok && file.check.kind !== "audio");
    ready.forEach((file, index) => {
      const caption = index === withWords ? words : "";
      post(client, {
        ...about,
        ...(index === 0 ? quote : {}),
        key: newKey(),
        kind: "media",
        text: caption,
        file: file.file,
        uploadKey: newKey(),
      });
    });
    if (words !== "" && withWords < 0)
      post(client, {
        ...about,
        ...(ready.length === 0 ? quote : {}),
        key: newKey(),
        kind: mode === "note" ? "note" : "text",
        text: words,
      });
    clear();
    setFiles((old) => old.filter((file) => !file.check.ok));
    onReplyTo(null);
    area.current?.focus();
  };

  if (!useCan("inbox.reply"))
    return (
      <p className="safe-bottom border-t border-line bg-surface px-5 py-3 text-center text-compact text-ink-2">
        {t("inbox.may_not_reply")}
      </p>
    );
  const blocked =
    mode === "reply" &&
    (channel && channel.state !== "connected" ? "channel" : window.open ? null : "closed");
  return (
    <footer className="safe-bottom shrink-0 border-t border-line bg-surface p-3">
      <div
        className={cn(
          "rounded-xl border border-line bg-raised shadow-1 has-[textarea:focus]:border-brand",
          mode === "note" && "border-note-line bg-note has-[textarea:focus]:border-note-line",
        )}
      >
        <div role="tablist" aria-label={t("inbox.write")} className="flex gap-1 px-2 pt-2">
          {(["reply", "note"] as const).map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              aria-selected={mode === each}
              onClick={() => {
                setMode(each);
                focusSoon();
              }}
              className={cn(
                "min-h-7 rounded-md px-2.5 text-small font-semibold text-ink-2 hover:text-ink max-md:min-h-9",
                mode === each && (each === "note" ? "bg-note-line/25 text-ink" : "bg-sunken text-ink"),
              )}
            >
              {t(`inbox.tab_${each}`)}
            </button>
          ))}
        </div>
        {blocked === "closed" && <ClosedCard draft={text !== ""} onTemplate={onTemplate} />}
        {blocked === "channel" && <ChannelCard draft={text !== ""} />}
        {!blocked && (
          <ComposerBox
            area={area}
            mode={mode}
            conversation={conversation}
            text={text}
            onText={setText}
            files={mode === "reply" ? files : []}
            onFiles={setFiles}
            onAttach={attach}
            replyTo={mode === "reply" ? replyTo : null}
            onReplyTo={onReplyTo}
            onTemplate={onTemplate}
            onSend={send}
          />
        )}
      </div>
    </footer>
  );
}

const threadKey = (client: ReturnType<typeof useQueryClient>, id: string) =>
  client.getQueryCache().findAll({ queryKey: [messagesPath(id)] })[0]?.queryKey ?? [messagesPath(id)];
const newestOf = (data: Pages<Message> | undefined) => rowsOf(data)[0];
