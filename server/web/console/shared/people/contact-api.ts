import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { toast } from "@/kit/toast";
import { api } from "../api/client";
import { keyOf, one, patchPages } from "../api/queries";
import type { Contact, Group, Page } from "../api/types";
import { useErrorText } from "../api/use-error-text";
import { useCan } from "../permissions/use-can";

export const CONTACTS = "/contacts";
export const contactPath = (id: string) => `${CONTACTS}/${id}`;

/** All that can be changed of a contact; null empties. */
export type ContactChange = {
  name: string | null;
  phone: string | null;
  email: string | null;
  tags: string[];
  fields: Record<string, string>;
};

export function useContact(id: string | null) {
  const may = useCan("contacts.view");
  return useQuery({ ...one<Contact>(contactPath(id ?? "")), enabled: may && id !== null });
}

/** Puts a contact's newest state everywhere it is shown. */
export function showContact(client: QueryClient, contact: Contact): void {
  client.setQueryData(keyOf(contactPath(contact.id)), contact);
  patchPages<Contact>(client, CONTACTS, (rows) =>
    rows.some((row) => row.id === contact.id)
      ? rows.map((row) => (row.id === contact.id ? contact : row))
      : rows,
  );
}

/** Saves one change of a contact at once. Only what changed is sent, so two people with different changes both win. */
export function useSaveContact(contact: Contact) {
  const client = useQueryClient();
  const { t } = useTranslation();
  const errorText = useErrorText();
  return useMutation({
    mutationFn: (change: Partial<ContactChange>) => api.put<Contact>(contactPath(contact.id), change),
    onMutate: (change) => {
      showContact(client, { ...contact, ...change });
      return contact;
    },
    onSuccess: (saved) => showContact(client, saved),
    onError: (error, _, before) => {
      if (before) showContact(client, before);
      toast(t("contacts.save_refused"), { text: errorText(error).message, tone: "bad" });
    },
  });
}

/** Groups are few and small, so they come whole. */
export function useGroups() {
  const may = useCan("contacts.view");
  return useQuery({
    ...one<Page<Group>>("/groups", { limit: 200 }),
    enabled: may,
    select: (page) => page.data,
  });
}

/** Puts people into a group or takes them out. */
export function useMembership() {
  const client = useQueryClient();
  const { t } = useTranslation();
  const errorText = useErrorText();
  return useMutation({
    mutationFn: ({ group, ids, join }: { group: string; ids: string[]; join: boolean }) => {
      const body = { contact_ids: ids };
      const path = `/groups/${group}/members`;
      return join
        ? api.post<{ added: number }>(path, body).then(({ added }) => added)
        : api.delete<{ removed: number }>(path, body).then(({ removed }) => removed);
    },
    onSuccess: async (_, { ids }) => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ["/groups"] }),
        client.invalidateQueries({ queryKey: [CONTACTS] }),
        ...ids.map((id) => client.invalidateQueries({ queryKey: [contactPath(id)] })),
      ]);
    },
    onError: (error) => toast(t("contacts.group_refused"), { text: errorText(error).message, tone: "bad" }),
  });
}
