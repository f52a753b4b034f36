import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { one } from "@/shared/api/queries";
import type { Session } from "@/shared/api/types";
import { sessionQuery } from "@/shared/session/session";

export const setupQuery = one<{ needed: boolean }>("/setup");

export type SetupInput = {
  token: string;
  name: string;
  email: string;
  password: string;
  business_name: string;
};

export function useLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { email: string; password: string }) => api.post<Session>("/login", input),
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useSetup() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: SetupInput) => {
      // The business keeps its times where its owner is.
      const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      return api.post<Session>("/setup", { ...input, timezone });
    },
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      client.setQueryData(setupQuery.queryKey, { needed: false });
    },
  });
}
