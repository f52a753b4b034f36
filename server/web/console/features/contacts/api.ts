import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { toast } from "@/kit/toast";
import { api, newKey } from "@/shared/api/client";
import { one } from "@/shared/api/queries";
import type { Contact, Conversation, Group, GroupInput, Page } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useList } from "@/shared/api/use-list";
import { CONTACTS, type ContactChange, contactPath } from "@/shared/people/contact-api";

export type ContactFilter = { search?: string; group_id?: string; tag?: string };

export function useContacts(filter: ContactFilter) {
  return useList<Contact>(CONTACTS, { ...filter, limit: 100 });
}

/** Who already has this number; asked once the number is complete. */
export function useSameNumber(phone: string | null, except: string | null): Contact | null {
  const query = useQuery({
    ...one<Page<Contact>>(CONTACTS, { search: phone, limit: 5 }),
    enabled: phone !== null,
    staleTime: 10_000,
  });
  return query.data?.data.find((row) => row.phone === phone && row.id !== except) ?? null;
}

export function useAddContact() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ key, contact }: { key: string; contact: ContactChange }) =>
      api.post<Contact>(CONTACTS, contact, { idempotencyKey: key }),
    onSuccess: () => client.invalidateQueries({ queryKey: [CONTACTS] }),
  });
}

/** Deletes one after another; answers how many are gone and what went wrong. */
export function useDeleteContacts() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: string[]) => {
      for (const id of ids) await api.delete(contactPath(id));
      return ids.length;
    },
    onSettled: (_, __, ids) => {
      for (const id of ids) client.removeQueries({ queryKey: [contactPath(id)] });
      return Promise.all([
        client.invalidateQueries({ queryKey: [CONTACTS] }),
        client.invalidateQueries({ queryKey: ["/groups"] }),
      ]);
    },
  });
}

/** Opens the person's conversation on a channel, or begins one. */
export function useOpenConversation() {
  const navigate = useNavigate();
  const { t } = useTranslation();
  const errorText = useErrorText();
  return useMutation({
    mutationFn: (about: { contact_id: string; channel_id: string }) =>
      api.post<Conversation>("/conversations", about, { idempotencyKey: newKey() }),
    onSuccess: ({ id }) => navigate({ to: "/app/inbox/$id", params: { id } }),
    onError: (error) => toast(t("contacts.message_refused"), { text: errorText(error).message, tone: "bad" }),
  });
}

export function useSaveGroup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, key, group }: { id: string | null; key: string; group: GroupInput }) =>
      id
        ? api.patch<Group>(`/groups/${id}`, group)
        : api.post<Group>("/groups", group, { idempotencyKey: key }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["/groups"] }),
  });
}

export function useDeleteGroup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/groups/${id}`),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["/groups"] }),
        client.invalidateQueries({ queryKey: [CONTACTS] }),
      ]),
  });
}
