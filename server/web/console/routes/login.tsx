import { createFileRoute, redirect } from "@tanstack/react-router";
import { LoginPage } from "@/features/auth/pages/login-page";
import { sessionQuery } from "@/shared/session/session";

/** Where to go after signing in; only addresses of this console are taken. */
const ownAddress = (value: unknown) =>
  typeof value === "string" && /^\/app(?:[/?#]|$)/.test(value) && !value.includes("//") ? value : undefined;

export const Route = createFileRoute("/login")({
  validateSearch: (search: Record<string, unknown>): { to?: string } => ({ to: ownAddress(search.to) }),
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery).catch(() => null);
    if (session) throw redirect({ href: search.to ?? "/app/inbox" });
  },
  component: LoginPage,
});
