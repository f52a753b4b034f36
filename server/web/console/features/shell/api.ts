import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { toast } from "@/kit/toast";
import { api } from "@/shared/api/client";
import { one } from "@/shared/api/queries";
import type { ConversationCounts, Session, ThemeChoice } from "@/shared/api/types";
import { useErrorText } from "@/shared/api/use-error-text";
import { setLanguage } from "@/shared/i18n/i18n";
import type { Language } from "@/shared/i18n/languages";
import { useCanAny } from "@/shared/permissions/use-can";
import { sessionQuery } from "@/shared/session/session";
import { setTheme } from "@/shared/theme/theme";

export const COUNTS = "/conversations/counts";

/** Conversations with unread messages, in the chosen channel. */
export function useWaiting(channelId: string | null): number {
  const may = useCanAny(["inbox.view_all", "inbox.view_assigned"]);
  const { data } = useQuery({ ...one<ConversationCounts>(COUNTS, { channel_id: channelId }), enabled: may });
  return data?.unread ?? 0;
}

/** Language and theme change at once here and are kept with the person on the server. */
export function usePreferences() {
  const client = useQueryClient();
  const errorText = useErrorText();
  const save = useMutation({
    mutationFn: (change: { locale?: string; theme?: ThemeChoice }) => api.patch<Session>("/me", change),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
    onError: (error) => toast(errorText(error).message, { tone: "bad" }),
  });
  return {
    chooseLanguage: (language: Language) => {
      void setLanguage(language);
      save.mutate({ locale: language });
    },
    chooseTheme: (theme: ThemeChoice) => {
      setTheme(theme);
      save.mutate({ theme });
    },
  };
}

export function useSignOut() {
  const client = useQueryClient();
  const errorText = useErrorText();
  const router = useRouter();
  return useMutation({
    mutationFn: () => api.post<void>("/logout"),
    onError: (error) => toast(errorText(error).message, { tone: "bad" }),
    onSuccess: async () => {
      // Nothing of this person stays in memory for the next one.
      client.clear();
      client.setQueryData(sessionQuery.queryKey, null);
      await router.navigate({ to: "/login" });
    },
  });
}
