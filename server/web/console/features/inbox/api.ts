import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "@/kit/toast";
import { api, newKey } from "@/shared/api/client";
import { one, type Pages, pages, rowsOf } from "@/shared/api/queries";
import type {
  Conversation,
  ConversationCounts,
  ConversationStatus,
  ConversationView,
  Member,
  Message,
  Named,
  Page,
  QuickReply,
} from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { useList } from "@/shared/api/use-list";
import { useCan } from "@/shared/permissions/use-can";
import { CONVERSATIONS, conversationPath, messagesPath, showConversation, showMessage } from "./events";

export type ListFilter = {
  status: ConversationStatus;
  view: ConversationView;
  channel_id: string | null;
  search?: string;
};

export function useConversations(filter: ListFilter) {
  return useList<Conversation>(CONVERSATIONS, filter);
}

export function useConversationCounts(channelId: string | null) {
  return useQuery(one<ConversationCounts>("/conversations/counts", { channel_id: channelId })).data;
}

/** One conversation; what a list already knows of it is shown while the server is asked. */
export function useConversation(id: string) {
  const client = useQueryClient();
  return useQuery({
    ...one<Conversation>(conversationPath(id)),
    initialData: () => {
      for (const query of client.getQueryCache().findAll({ queryKey: [CONVERSATIONS] })) {
        const found = rowsOf(query.state.data as Pages<Conversation> | undefined).find(
          (row) => row.id === id,
        );
        if (found) return found;
      }
      return undefined;
    },
    // Known from a list, so shown at once, but read again.
    initialDataUpdatedAt: 0,
  });
}

export function useThread(id: string) {
  return useInfiniteQuery({
    ...pages<Message>(messagesPath(id), { limit: 50 }),
    // Never another person's messages in the meantime.
    placeholderData: undefined,
  });
}

export function useMembers() {
  const may = useCan("team.view");
  const list = one<Page<Member> | Member[]>("/members");
  const select = (answer: Page<Member> | Member[]) => (Array.isArray(answer) ? answer : answer.data);
  return useQuery({ ...list, enabled: may, select }).data ?? [];
}

export function useQuickReplies(): QuickReply[] {
  const may = useCan("inbox.reply");
  return useQuery({ ...one<Page<QuickReply>>("/quick-replies"), enabled: may }).data?.data ?? [];
}

type Change = { status?: ConversationStatus; assignee?: Named | null };

/** Changes state or assignee at once; the old state returns with a notice if the server refuses. */
export function useChangeConversation(conversation: Conversation) {
  const client = useQueryClient();
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { mutate } = useMutation({
    mutationFn: (change: Change) =>
      api.patch<Conversation>(conversationPath(conversation.id), {
        ...(change.status ? { status: change.status } : {}),
        ...(change.assignee !== undefined
          ? {
              assignee_id: change.assignee?.id ?? null,
              expected_assignee_id: conversation.assignee?.id ?? null,
            }
          : {}),
      }),
    onMutate: (change) => {
      const assignee = change.assignee === undefined ? conversation.assignee : change.assignee;
      showConversation(client, { ...conversation, status: change.status ?? conversation.status, assignee });
      return conversation;
    },
    onError: (error, _, before) => {
      if (before) showConversation(client, before);
      const { message } = errorText(error);
      toast(t("inbox.change_refused"), { text: message, tone: "bad" });
      void client.invalidateQueries({ queryKey: [conversationPath(conversation.id)] });
    },
    onSuccess: (changed) => {
      showConversation(client, changed);
      void client.invalidateQueries({ queryKey: ["/conversations/counts"] });
    },
  });
  return mutate;
}

/** Tells the server that the conversation was looked at, while the page is really in view. */
export function useMarkRead(conversation: Conversation | undefined): void {
  const client = useQueryClient();
  const mark = useCallback(async () => {
    if (!conversation || conversation.unread === 0 || document.visibilityState !== "visible") return;
    showConversation(client, { ...conversation, unread: 0 });
    try {
      await api.post<void>(`${conversationPath(conversation.id)}/read`);
      await client.invalidateQueries({ queryKey: ["/conversations/counts"] });
    } catch {
      // Stays unread on the server, so the count comes back with the next answer.
      await client.invalidateQueries({ queryKey: [CONVERSATIONS] });
    }
  }, [client, conversation]);
  useEffect(() => {
    void mark();
    const again = () => void mark();
    document.addEventListener("visibilitychange", again);
    return () => document.removeEventListener("visibilitychange", again);
  }, [mark]);
}

export function useResend() {
  const client = useQueryClient();
  const { t } = useTranslation();
  const errorText = useErrorText();
  return useMutation({
    mutationFn: (id: string) => api.post<Message>(`/messages/${id}/resend`, {}, { idempotencyKey: newKey() }),
    onSuccess: (message) => showMessage(client, message),
    onError: (error) => toast(t("inbox.resend_refused"), { text: errorText(error).message, tone: "bad" }),
  });
}
