import type { Contact } from "../api/types";

/** What placeholders may read of a person. */
export type Person = Pick<Contact, "name" | "phone" | "email" | "fields">;

const PLACEHOLDER = /\{\{\s*([A-Za-z0-9_.]{1,64})\s*(?:\|([^{}]*))?\}\}/g;

function personValue(person: Person, name: string): string | null {
  if (name === "name") return person.name;
  if (name === "phone") return person.phone;
  if (name === "email") return person.email;
  return name.startsWith("fields.") ? (person.fields[name.slice("fields.".length)] ?? null) : null;
}

/** Puts a person's values into a text. Placeholders without value or fallback become empty and are named. */
export function fillPerson(text: string, person: Person): { text: string; missing: string[] } {
  const missing: string[] = [];
  const filled = text.replace(PLACEHOLDER, (_, name: string, fallback: string | undefined) => {
    const value = personValue(person, name)?.trim() || fallback?.trim();
    if (!value) missing.push(name);
    return value ?? "";
  });
  return { text: filled, missing };
}

export type Source = { kind: "text" | "field"; value: string; fallback: string };

/** Reads one variable of a campaign: a single placeholder is a contact's field, all else a fixed text. */
export function sourceOf(text: string): Source {
  const match = /^\{\{\s*([A-Za-z0-9_.]{1,64})\s*(?:\|([^{}]*))?\}\}$/.exec(text);
  if (!match) return { kind: "text", value: text, fallback: "" };
  return { kind: "field", value: match[1] ?? "", fallback: match[2] ?? "" };
}

export function textOf(source: Source): string {
  if (source.kind === "text") return source.value;
  const fallback = source.fallback.replace(/[{}|]/g, "");
  return fallback === "" ? `{{${source.value}}}` : `{{${source.value}|${fallback}}}`;
}
