import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, newKey } from "@/shared/api/client";
import { one } from "@/shared/api/queries";
import type {
  ApiKey,
  ApiKeyCreated,
  ApiKeyInput,
  Page,
  QuickReply,
  QuickReplyInput,
  Session,
  ThemeChoice,
} from "@/shared/api/types";
import { sessionQuery } from "@/shared/session/session";

export const quickRepliesQuery = one<Page<QuickReply>>("/quick-replies");
export const apiKeysQuery = one<Page<ApiKey>>("/api-keys");

export function useSaveMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { name?: string; locale?: string; theme?: ThemeChoice }) =>
      api.patch<Session>("/me", change),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useChangePassword() {
  return useMutation({
    mutationFn: (input: { current: string; new: string }) => api.post<void>("/me/password", input),
  });
}

export const useQuickReplies = () => useQuery({ ...quickRepliesQuery, select: (page) => page.data });
export const useApiKeys = () => useQuery({ ...apiKeysQuery, select: (page) => page.data });

/** Makes a quick reply, or changes the one with `id`. */
export function useSaveQuickReply() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...input }: QuickReplyInput & { id?: string }) =>
      id
        ? api.patch<QuickReply>(`/quick-replies/${id}`, input)
        : api.post<QuickReply>("/quick-replies", input, { idempotencyKey: newKey() }),
    onSuccess: () => client.invalidateQueries({ queryKey: quickRepliesQuery.queryKey }),
  });
}

export function useDeleteQuickReply() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/quick-replies/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: quickRepliesQuery.queryKey }),
  });
}

export function useCreateApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ApiKeyInput) =>
      api.post<ApiKeyCreated>("/api-keys", input, { idempotencyKey: newKey() }),
    // The secret is shown once and kept nowhere: the list is read anew instead of taking the answer in.
    onSuccess: () => client.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
    gcTime: 0,
  });
}

export function useRevokeApiKey() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/api-keys/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
}
