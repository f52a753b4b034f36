import { createFileRoute } from "@tanstack/react-router";
import { CampaignsPage } from "@/features/campaigns/pages/campaigns-page";
import { searchText } from "@/shared/search-text";

type Search = { status?: string; search?: string };

export const Route = createFileRoute("/app/campaigns/")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    status: searchText(search.status),
    search: searchText(search.search),
  }),
  component: CampaignsPage,
});
