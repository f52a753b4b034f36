import { createFileRoute } from "@tanstack/react-router";
import { CampaignPage } from "@/features/campaigns/pages/campaign-page";
import { searchText } from "@/shared/search-text";

type Search = { state?: string; search?: string };

export const Route = createFileRoute("/app/campaigns/$id")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    state: searchText(search.state),
    search: searchText(search.search),
  }),
  component: CampaignPage,
});
