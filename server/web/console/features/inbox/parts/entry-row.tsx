import { useQueryClient } from "@tanstack/react-query";
import { Clock3, ClockAlert, FileUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "@/shared/api/use-error-text";
import { useFormat } from "@/shared/format/use-format";
import { MessageText } from "@/shared/messages/message-text";
import { needsTemplate } from "@/shared/messages/use-cause";
import { removeEntry, retry } from "../outbox";
import type { Entry } from "../outbox-entry";
import { Bubble, Quote } from "./bubble";
import { FailureAction, FailureLine } from "./failure-line";
import { TemplateBody } from "./message-content";

/** Something on its way: with a clock, never called sent before the server said so. */
export function EntryRow({
  entry,
  onEdit,
  onTemplate,
}: {
  entry: Entry;
  onEdit: (entry: Entry) => void;
  onTemplate: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const Icon = entry.state === "sending" ? Clock3 : ClockAlert;
  return (
    <div className="flex flex-col items-end px-5 pt-1 pb-1 max-md:px-3">
      <div className="max-w-[min(560px,88%)] motion-safe:animate-in motion-safe:slide-in-from-bottom-1">
        <Bubble
          side={entry.kind === "note" ? "note" : "out"}
          first={false}
          waiting={entry.state !== "refused"}
          provenance={entry.replyTo && <Quote preview={entry.replyTo.preview} />}
          foot={
            <>
              {entry.state === "waiting" && <span>{t("inbox.will_be_sent")}</span>}
              <time dateTime={entry.at}>{format.time(entry.at)}</time>
              <Icon className="size-3.5" aria-hidden="true" />
              <span className="sr-only">
                {t(entry.state === "sending" ? "inbox.status_sending" : "inbox.not_sent")}
              </span>
            </>
          }
        >
          {entry.kind === "media" && (
            <p className="flex items-center gap-2">
              <FileUp className="size-5 text-brand" aria-hidden="true" />
              <bdi className="truncate font-semibold">{entry.file.name}</bdi>
              <span className="shrink-0 text-small text-ink-2">{format.bytes(entry.file.size)}</span>
            </p>
          )}
          {entry.kind === "template" ? (
            <TemplateBody content={entry.content} />
          ) : (
            <MessageText text={entry.text} />
          )}
        </Bubble>
      </div>
      {entry.state !== "sending" && <WaysOut entry={entry} onEdit={onEdit} onTemplate={onTemplate} />}
    </div>
  );
}

function WaysOut({
  entry,
  onEdit,
  onTemplate,
}: {
  entry: Entry;
  onEdit: (entry: Entry) => void;
  onTemplate: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const errorText = useErrorText();
  const edit = (entry.kind === "text" || entry.kind === "note") && (
    <FailureAction onClick={() => onEdit(entry)}>{t("inbox.edit")}</FailureAction>
  );
  const remove = <FailureAction onClick={() => removeEntry(entry.key)}>{t("inbox.remove")}</FailureAction>;
  if (entry.state === "waiting")
    return (
      <div className="mt-0.5 flex gap-2 text-small">
        {edit}
        {remove}
      </div>
    );
  const closed = needsTemplate(entry.error?.code ?? "");
  return (
    <FailureLine words={entry.error ? errorText(entry.error).message : t("errors.unexpected")}>
      {closed ? (
        <FailureAction onClick={onTemplate}>{t("inbox.send_template")}</FailureAction>
      ) : (
        <FailureAction onClick={() => retry(client, entry.key)}>{t("kit.retry")}</FailureAction>
      )}
      {edit}
      {remove}
    </FailureLine>
  );
}
