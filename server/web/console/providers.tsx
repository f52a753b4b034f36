import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRouter, RouterProvider } from "@tanstack/react-router";
import { Direction } from "radix-ui";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { routeTree } from "./routeTree.gen";
import { whenUnauthenticated } from "./shared/api/client";
import { isApiError } from "./shared/api/errors";
import { directionOf } from "./shared/i18n/languages";
import { sessionQuery } from "./shared/session/session";

const Toaster = lazy(() => import("./kit/toaster"));

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // A definite refusal does not change by asking again; a lost connection may.
      retry: (count, error) => count < 2 && !(isApiError(error) && error.status >= 400 && error.status < 500),
    },
  },
});
const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  defaultPendingMs: 150,
});
declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

whenUnauthenticated(() => {
  queryClient.setQueryData(sessionQuery.queryKey, null);
  void router.invalidate();
});

export function Providers() {
  const { i18n } = useTranslation();
  return (
    <Direction.Provider dir={directionOf(i18n.language)}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Suspense>
          <Toaster />
        </Suspense>
      </QueryClientProvider>
    </Direction.Provider>
  );
}
