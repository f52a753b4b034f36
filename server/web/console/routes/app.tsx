import { createFileRoute, redirect } from "@tanstack/react-router";
import { ShellPage } from "@/features/shell/pages/shell-page";
import { ShellSkeleton } from "@/features/shell/parts/shell-skeleton";
import { startLive } from "@/live";
import { rememberedChannel } from "@/shared/channels/channels";
import { sessionQuery } from "@/shared/session/session";

export const Route = createFileRoute("/app")({
  validateSearch: (search: Record<string, unknown>): { channel?: string } => ({
    channel: typeof search.channel === "string" ? search.channel : rememberedChannel(),
  }),
  beforeLoad: async ({ context, location }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    if (!session) throw redirect({ to: "/login", search: { to: location.href } });
    if (location.pathname.replace(/\/$/, "") === "/app") throw redirect({ to: "/app/inbox" });
  },
  pendingComponent: ShellSkeleton,
  component: () => <ShellPage startLive={startLive} />,
});
