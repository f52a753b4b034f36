import { queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { api } from "../api/client";
import { isApiError } from "../api/errors";
import { keyOf } from "../api/queries";
import type { Session } from "../api/types";
import { setServerTime } from "../format/use-now";

/** Null means: nobody is signed in. Any other trouble stays an error. */
export const sessionQuery = queryOptions({
  queryKey: keyOf("/session"),
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      const session = await api.get<Session>("/session", undefined, signal);
      setServerTime(session.server_time);
      return session;
    } catch (error) {
      if (isApiError(error) && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
  retry: (count, error) => count < 2 && !(isApiError(error) && error.status < 500 && error.status !== 0),
});

/** The signed-in person. Only inside /app, where the guard has seen the session. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  // When the session ends, the page shows its person for the moment until the sign-in page is there.
  const last = useRef(data);
  if (data) last.current = data;
  if (!last.current) throw new Error("useSession needs a signed-in person");
  return last.current;
}

export function useMaybeSession(): Session | null {
  return useQuery({ ...sessionQuery, enabled: false }).data ?? null;
}
