import { createFileRoute, redirect } from "@tanstack/react-router";
import { sessionQuery } from "@/shared/session/session";

export const Route = createFileRoute("/")({
  beforeLoad: async ({ context }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    throw redirect({ to: session ? "/app/inbox" : "/login" });
  },
});
