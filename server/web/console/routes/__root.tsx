import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet } from "@tanstack/react-router";
import { FailedPage } from "@/features/shell/pages/failed-page";
import { UnknownPage } from "@/features/shell/pages/unknown-page";

export const Route = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  errorComponent: ({ error, reset }) => <FailedPage error={error} onRetry={reset} />,
  notFoundComponent: UnknownPage,
});
