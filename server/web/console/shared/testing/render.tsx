import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import type { Session } from "../api/types";
import { sessionQuery } from "../session/session";
import { aSession } from "./data";

/**
 * Shows a page as a signed-in person would see it, at `path`. The address may have parameters: give the
 * route's pattern as `route`. Pages get their data through the mock server.
 */
export function renderPage(
  page: ReactNode,
  about: { path?: string; route?: string; session?: Partial<Session> } = {},
) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(sessionQuery.queryKey, aSession(about.session));
  const root = createRootRoute({ component: Outlet });
  const shown = createRoute({
    getParentRoute: () => root,
    path: about.route ?? about.path ?? "/",
    component: () => page,
  });
  const rest = createRoute({ getParentRoute: () => root, path: "$", component: () => null });
  const router = createRouter({
    routeTree: root.addChildren([shown, rest]),
    history: createMemoryHistory({ initialEntries: [about.path ?? "/"] }),
  });
  const view = render(
    <QueryClientProvider client={client}>
      {/* The test's own small tree stands in for the console's registered one. */}
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return { ...view, client, router };
}
