import { createFileRoute } from "@tanstack/react-router";
import { SetupPage } from "@/features/auth/pages/setup-page";
import { searchText } from "@/shared/search-text";

export const Route = createFileRoute("/setup")({
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({
    token: searchText(search.token),
  }),
  component: SetupPage,
});
