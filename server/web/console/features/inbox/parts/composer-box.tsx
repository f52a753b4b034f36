import { LayoutTemplate, Paperclip, SendHorizontal, X } from "lucide-react";
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/kit/button";
import type { Conversation } from "@/shared/api/types";
import { useContact } from "@/shared/people/contact-api";
import { fillPerson } from "@/shared/templates/placeholders";
import { useQuickReplies } from "../api";
import type { Attachment } from "../attachments";
import { ACCEPTED } from "../media-limits";
import { inserted, matching, slashAt } from "../quick";
import type { Mode } from "./composer";
import { Tray } from "./composer-tray";
import { QuickList } from "./quick-list";

const LINES = 8;
const LINE = 20;

/** The text field with what belongs to it: quote, files, quick replies, buttons. */
export function ComposerBox({
  area,
  mode,
  conversation,
  text,
  onText,
  files,
  onFiles,
  onAttach,
  replyTo,
  onReplyTo,
  onTemplate,
  onSend,
}: {
  area: RefObject<HTMLTextAreaElement | null>;
  mode: Mode;
  conversation: Conversation;
  text: string;
  onText: (text: string) => void;
  files: Attachment[];
  onFiles: (change: (old: Attachment[]) => Attachment[]) => void;
  onAttach: (files: File[]) => void;
  replyTo: { id: string; preview: string } | null;
  onReplyTo: (quote: null) => void;
  onTemplate: () => void;
  onSend: () => void;
}) {
  const { t } = useTranslation();
  const chooser = useRef<HTMLInputElement>(null);
  const replies = useQuickReplies();
  const person = useContact(conversation.contact.id).data ?? {
    ...conversation.contact,
    email: null,
    fields: {},
  };
  const [caret, setCaret] = useState(0);
  const [picked, setPicked] = useState(0);
  const [dismissed, setDismissed] = useState<string | null>(null);

  const slash = mode === "reply" ? slashAt(text, caret) : null;
  const found = slash && dismissed !== text ? matching(replies, slash.text) : [];
  const active = Math.min(picked, Math.max(0, found.length - 1));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text, which the field holds itself.
  useLayoutEffect(() => {
    const field = area.current;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(Math.max(field.scrollHeight, 2 * LINE + 8), LINES * LINE + 8)}px`;
  }, [area, text]);

  const choose = (index: number) => {
    const reply = found[index];
    if (!slash || !reply) return;
    const next = inserted(text, slash, fillPerson(reply.text, person).text);
    onText(next.text);
    setPicked(0);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(next.caret, next.caret);
      setCaret(next.caret);
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes, Enter belongs to it (229: browsers that do not say so).
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (found.length > 0) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        setPicked((active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
        return;
      }
      if (event.key === "Enter" || event.key === "Tab") {
        event.preventDefault();
        choose(active);
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        setDismissed(text);
        return;
      }
    }
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      onSend();
    } else if (event.key === "Escape") event.currentTarget.blur();
  };
  const nothing = text.trim() === "" && !files.some((file) => file.check.ok);
  const placeholder = mode === "note" ? t("inbox.write_note") : t("inbox.write_reply");
  return (
    <div className="relative">
      {found.length > 0 && <QuickList replies={found} active={active} onChoose={choose} />}
      {replyTo && (
        <div className="mx-3 mt-2 flex items-center gap-2 rounded-lg border-s-3 border-brand bg-sunken px-2.5 py-1 text-small text-ink-2">
          <span dir="auto" className="line-clamp-1 min-w-0 flex-1">
            {replyTo.preview || t("inbox.quote_empty")}
          </span>
          <IconButton
            label={t("inbox.quote_remove")}
            size="icon-sm"
            className="size-6"
            onClick={() => onReplyTo(null)}
          >
            <X className="size-3.5" aria-hidden="true" />
          </IconButton>
        </div>
      )}
      <Tray files={files} onRemove={(id) => onFiles((old) => old.filter((file) => file.id !== id))} />
      <textarea
        ref={area}
        // Empty, it reads as the page does; then as the text does.
        dir={text === "" ? undefined : "auto"}
        rows={2}
        value={text}
        aria-label={placeholder}
        placeholder={placeholder}
        maxLength={4096}
        aria-autocomplete={found.length > 0 ? "list" : undefined}
        aria-controls={found.length > 0 ? "quick-replies" : undefined}
        aria-activedescendant={found.length > 0 ? `quick-${active}` : undefined}
        onChange={(event) => {
          onText(event.target.value);
          setCaret(event.target.selectionStart);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const pasted = [...event.clipboardData.files];
          if (mode !== "reply" || pasted.length === 0) return;
          event.preventDefault();
          onAttach(pasted);
        }}
        className="scroll-thin block w-full resize-none bg-transparent px-3.5 py-1.5 text-body leading-[20px] outline-none max-md:text-[16px]"
      />
      <div className="flex items-center gap-0.5 px-2 pb-2">
        {mode === "reply" && (
          <>
            <input
              ref={chooser}
              type="file"
              multiple
              accept={ACCEPTED}
              className="hidden"
              aria-label={t("inbox.attach")}
              onChange={(event) => {
                onAttach([...(event.target.files ?? [])]);
                event.target.value = "";
              }}
            />
            <IconButton
              label={t("inbox.attach")}
              side="top"
              size="icon-sm"
              className="max-md:size-11"
              onClick={() => chooser.current?.click()}
            >
              <Paperclip className="size-4.5" aria-hidden="true" />
            </IconButton>
            <IconButton
              label={t("inbox.send_template")}
              side="top"
              size="icon-sm"
              className="max-md:size-11"
              onClick={onTemplate}
            >
              <LayoutTemplate className="size-4.5" aria-hidden="true" />
            </IconButton>
          </>
        )}
        <span className="ms-auto pe-2 text-micro text-ink-3 max-md:hidden" aria-hidden="true">
          {t("inbox.enter_sends")}
        </span>
        <Button
          variant="primary"
          size="sm"
          className="max-md:ms-auto max-md:h-11"
          reason={nothing ? t("inbox.write_first") : null}
          onClick={onSend}
        >
          {mode === "note" ? t("inbox.add_note") : t("inbox.send")}
          <SendHorizontal className="flip-rtl size-4" aria-hidden="true" />
        </Button>
      </div>
    </div>
  );
}
