import { useTranslation } from "react-i18next";
import { Popover } from "@/kit/popover";
import type { Message, MessageStatus } from "@/shared/api/types";
import { useFormat } from "@/shared/format/use-format";
import { StatusMark, useStatusWord } from "@/shared/messages/status-mark";

/** The mark under an outgoing message. Pressed, it tells every state with its time and the provider's code. */
export function MessageState({ message, status }: { message: Message; status: MessageStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useStatusWord();
  const inWords = status === "ambiguous" || status === "unconfirmed";
  return (
    <Popover
      label={t("inbox.history_of_message")}
      align="end"
      className="w-72"
      trigger={
        <button
          type="button"
          className="-m-1 inline-flex min-h-6 items-center gap-1 rounded-md p-1 hover:bg-ink/5"
        >
          {inWords && <span className="font-semibold text-ink">{word(status)}</span>}
          <StatusMark status={status} />
        </button>
      }
    >
      <p className="font-semibold">{word(status)}</p>
      <p className="text-small text-ink-2">{t(`inbox.status_${status}_means`)}</p>
      <ol className="mt-2 space-y-1 border-t border-line pt-2 text-small">
        {message.timeline.map((entry) => (
          <li key={`${entry.status}${entry.at}`} className="flex items-center gap-2">
            <StatusMark status={entry.status} className="text-ink-3" />
            <span className="flex-1">{word(entry.status)}</span>
            <time className="tabular text-ink-3" dateTime={entry.at} title={format.exact(entry.at)}>
              {format.moment(entry.at)}
            </time>
          </li>
        ))}
      </ol>
      {message.error && (
        <p className="mt-2 border-t border-line pt-2 font-mono text-micro text-ink-3" dir="ltr">
          {message.error.code}
        </p>
      )}
    </Popover>
  );
}
