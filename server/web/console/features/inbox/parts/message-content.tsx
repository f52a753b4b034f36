import { CornerUpLeft, ExternalLink, MapPin, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message, TemplateContent } from "@/shared/api/types";
import { showPhone } from "@/shared/format/phone";
import { MessageText } from "@/shared/messages/message-text";
import { answerOf, bodyOf, cardsOf, interactiveOf, locationOf, templateOf } from "../content";
import { MediaBody } from "./media-content";

const MEDIA = new Set(["image", "video", "audio", "document", "sticker"]);

/** What a message says, by its kind. A kind that cannot be shown says so. */
export function MessageContent({ message }: { message: Pick<Message, "type" | "content" | "direction"> }) {
  const { t } = useTranslation();
  const { type, content } = message;
  if (type === "text" || message.direction === "note") return <MessageText text={bodyOf(content)} />;
  if (MEDIA.has(type)) return <MediaBody type={type} content={content} />;
  if (type === "location") return <Place content={content} />;
  if (type === "template") return <TemplateBody content={templateOf(content)} />;
  if (type === "contacts" && cardsOf(content).length > 0) return <Cards content={content} />;
  const asked = type === "interactive" ? interactiveOf(content) : null;
  if (asked) return <TemplateBody content={asked} />;
  const answer = answerOf(content ?? {});
  if ((type === "interactive" || type === "button") && answer.title) {
    return (
      <>
        <p className="flex items-center gap-1 text-micro font-semibold text-ink-2">
          <CornerUpLeft className="flip-rtl size-3" aria-hidden="true" />
          {t("inbox.chosen")}
        </p>
        <p dir="auto" className="font-semibold">
          {answer.title}
        </p>
        {answer.description && (
          <p dir="auto" className="text-small text-ink-2">
            {answer.description}
          </p>
        )}
      </>
    );
  }
  return (
    <p className="text-ink-2 italic">
      {t("inbox.unsupported")} <span className="font-mono text-micro not-italic">({type})</span>
    </p>
  );
}

export function TemplateBody({ content }: { content: TemplateContent }) {
  return (
    <div className="min-w-48">
      {content.header && (
        <p dir="auto" className="mb-1 font-bold">
          {content.header}
        </p>
      )}
      <MessageText text={content.body} />
      {content.footer && (
        <p dir="auto" className="mt-1 text-small text-ink-2">
          {content.footer}
        </p>
      )}
      {content.buttons.length > 0 && (
        <ul className="mt-2 space-y-1">
          {content.buttons.map((button) => (
            <li
              key={button.text}
              className="rounded-lg bg-surface/70 px-3 py-1.5 text-center text-compact font-semibold text-brand"
            >
              <bdi>{button.text}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Place({ content }: { content: Record<string, unknown> }) {
  const { t } = useTranslation();
  const place = locationOf(content);
  const point = `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  return (
    <div className="flex w-64 max-w-full gap-2.5">
      <span className="grid size-10 shrink-0 place-items-center rounded-lg bg-brand-tint text-brand">
        <MapPin className="size-5" aria-hidden="true" />
      </span>
      <div className="min-w-0">
        {place.name && (
          <p dir="auto" className="font-semibold">
            {place.name}
          </p>
        )}
        {place.address && (
          <p dir="auto" className="text-small">
            {place.address}
          </p>
        )}
        <p className="tabular text-small text-ink-3">
          <bdi dir="ltr">{point}</bdi>
        </p>
        <a
          href={`https://www.openstreetmap.org/?mlat=${place.latitude}&mlon=${place.longitude}#map=16/${place.latitude}/${place.longitude}`}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="mt-1 inline-flex items-center gap-1 text-compact font-semibold text-brand hover:underline"
        >
          {t("inbox.open_map")}
          <ExternalLink className="flip-rtl size-3.5" aria-hidden="true" />
        </a>
      </div>
    </div>
  );
}

function Cards({ content }: { content: Record<string, unknown> }) {
  const { t } = useTranslation();
  return (
    <ul className="w-64 max-w-full space-y-2">
      {cardsOf(content).map((card) => (
        <li key={card.name + card.phones.join()} className="flex items-center gap-2.5">
          <span className="grid size-9 shrink-0 place-items-center rounded-full bg-brand-tint text-brand">
            <UserRound className="size-4.5" aria-hidden="true" />
          </span>
          <span className="min-w-0">
            <bdi className="block truncate font-semibold">{card.name || t("inbox.unknown_person")}</bdi>
            {card.phones.map((phone) => (
              <bdi key={phone} dir="ltr" className="tabular block text-small text-ink-2">
                {showPhone(phone)}
              </bdi>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
