import type { LocationContent, MediaContent, TemplateContent } from "@/shared/api/types";

// A message's content is what the server sent; each reader takes the fields it knows and nothing on trust.

type Raw = Record<string, unknown>;
const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const number = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

export const bodyOf = (raw: Raw): string => text(raw.body) ?? "";

export function mediaOf(raw: Raw): MediaContent & { width: number | null; height: number | null } {
  const state = raw.state === "pending" || raw.state === "failed" ? raw.state : "ready";
  return {
    media_id: text(raw.media_id),
    mime: text(raw.mime),
    caption: text(raw.caption),
    filename: text(raw.filename),
    size: number(raw.size),
    state: state === "ready" && !text(raw.media_id) ? "pending" : state,
    error: text(raw.error),
    width: number(raw.width),
    height: number(raw.height),
  };
}

export function locationOf(raw: Raw): LocationContent {
  return {
    latitude: number(raw.latitude) ?? 0,
    longitude: number(raw.longitude) ?? 0,
    name: text(raw.name),
    address: text(raw.address),
  };
}

export function templateOf(raw: Raw): TemplateContent {
  const buttons = Array.isArray(raw.buttons) ? raw.buttons : [];
  return {
    template_id: text(raw.template_id),
    name: text(raw.name) ?? "",
    language: text(raw.language) ?? "",
    header: text(raw.header),
    body: bodyOf(raw),
    footer: text(raw.footer),
    buttons: buttons.flatMap((button: unknown) => {
      if (typeof button === "string") return { type: "QUICK_REPLY", text: button };
      const label =
        typeof button === "object" && button !== null && "text" in button ? text(button.text) : null;
      return label ? { type: "QUICK_REPLY", text: label } : [];
    }),
  };
}

/** The chosen title of a list or button answer, and its second line. */
export function answerOf(raw: Raw): { title: string; description: string | null } {
  return { title: text(raw.title) ?? text(raw.text) ?? "", description: text(raw.description) };
}

type ContactCard = { name: string; phones: string[] };

export function cardsOf(raw: Raw): ContactCard[] {
  const body = typeof raw.body === "object" && raw.body !== null ? raw.body : null;
  const list = Array.isArray(raw.contacts) ? raw.contacts : Array.isArray(body) ? body : [];
  return list.flatMap((card: unknown): ContactCard[] => {
    if (typeof card !== "object" || card === null) return [];
    const { name, phones } = card as { name?: { formatted_name?: unknown } | string; phones?: unknown };
    const shown = typeof name === "string" ? name : text(name?.formatted_name);
    const numbers = Array.isArray(phones) ? phones : [];
    return [
      {
        name: shown ?? "",
        phones: numbers.flatMap((entry: unknown) => {
          if (typeof entry === "string") return entry;
          const phone = (entry as { phone?: unknown } | null)?.phone;
          return typeof phone === "string" ? phone : [];
        }),
      },
    ];
  });
}

/** Words of a message for copying and quoting. */
export function wordsOf(type: string, raw: Raw): string {
  if (type === "template") return templateOf(raw).body;
  if (type === "interactive" || type === "button") return answerOf(raw).title;
  return text(raw.body) ?? text(raw.caption) ?? text(raw.filename) ?? text(raw.name) ?? "";
}
