import { showPhone } from "../format/phone";

/** What to call a contact: the name, else the number, else the given word for an unknown person. */
export function contactName(contact: { name: string | null; phone: string | null }, unknown: string): string {
  return contact.name?.trim() || showPhone(contact.phone) || unknown;
}
