import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, lazyRouteComponent, Outlet } from "@tanstack/react-router";

// Rarely seen, so not part of the entry script.
const UnknownPage = lazyRouteComponent(() => import("@/features/shell/pages/unknown-page"), "UnknownPage");
const FailedPage = lazyRouteComponent(() => import("@/features/shell/pages/failed-page"), "FailedPage");

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  errorComponent: FailedPage,
  notFoundComponent: UnknownPage,
});
