import type { LocationContent, MediaContent, TemplateContent } from "@/shared/api/types";

// A message's content is what the server sent; each reader takes the fields it knows and nothing on trust.

type Raw = Record<string, unknown>;

/** Kinds we do not know come in Meta's own form, which need not be an object. */
const record = (value: unknown): Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
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

export function cardsOf(raw: unknown): ContactCard[] {
  const inner = record(raw);
  const list = [raw, inner.contacts, inner.body].find(Array.isArray) ?? [];
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

/** An interactive message that we sent, in Meta's form: its texts and what may be pressed. */
export function interactiveOf(raw: unknown): TemplateContent | null {
  const inner = record(raw);
  const body = text(record(inner.body).text);
  if (!body) return null;
  const action = record(inner.action);
  const titles = (list: unknown, read: (each: Raw) => unknown) =>
    (Array.isArray(list) ? list : []).flatMap((each) => text(read(record(each))) ?? []);
  const rows = Array.isArray(action.sections)
    ? action.sections.flatMap((each) => record(each).rows ?? [])
    : [];
  const buttons = [
    ...titles(action.buttons, (each) => record(each.reply).title),
    ...titles(rows, (each) => each.title),
    ...[text(record(action.parameters).display_text)].flatMap((each) => each ?? []),
  ];
  return {
    template_id: null,
    name: "",
    language: "",
    header: text(record(inner.header).text),
    body,
    footer: text(record(inner.footer).text),
    buttons: buttons.map((label) => ({ type: "QUICK_REPLY", text: label })),
  };
}

/** Words of a message for copying and quoting. */
export function wordsOf(type: string, content: unknown): string {
  const raw = record(content);
  if (type === "template") return templateOf(raw).body;
  if (type === "interactive" || type === "button")
    return answerOf(raw).title || (interactiveOf(raw)?.body ?? "");
  return text(raw.body) ?? text(raw.caption) ?? text(raw.filename) ?? text(raw.name) ?? "";
}
