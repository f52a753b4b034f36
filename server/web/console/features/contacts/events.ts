import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { api } from "@/shared/api/client";
import { keyOf, type Pages, rowsOf } from "@/shared/api/queries";
import type { Contact } from "@/shared/api/types";
import { CONTACTS, contactPath, showContact } from "@/shared/people/contact-api";
import type { EventTable } from "@/shared/realtime/events";

/** Contacts that came while a list is on screen wait behind a pill, so that rows do not move. */
export const useFresh = create<{ ids: string[] }>(() => ({ ids: [] }));
export const forgetFresh = (): void => useFresh.setState({ ids: [] });

/** Whether a list or a panel on screen holds this contact. */
export function isShown(client: QueryClient, id: string): boolean {
  if (client.getQueryData(keyOf(contactPath(id)))) return true;
  return client
    .getQueryCache()
    .findAll({ queryKey: [CONTACTS] })
    .some((query) => rowsOf(query.state.data as Pages<Contact> | undefined).some((row) => row.id === id));
}

async function refresh(client: QueryClient, id: string): Promise<void> {
  try {
    showContact(client, await api.get<Contact>(contactPath(id)));
  } catch {
    // Gone or out of reach: the lists are read again and tell which.
    await client.invalidateQueries({ queryKey: [CONTACTS] });
  }
}

export const events: EventTable = {
  "group.updated": (_, client) => void client.invalidateQueries({ queryKey: ["/groups"] }),
  "contact.updated": ({ contact_id }, client) => {
    if (isShown(client, contact_id)) void refresh(client, contact_id);
    else useFresh.setState(({ ids }) => ({ ids: ids.includes(contact_id) ? ids : [...ids, contact_id] }));
  },
};
