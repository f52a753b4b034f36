import { createFileRoute } from "@tanstack/react-router";
import { CampaignNewPage } from "@/features/campaigns/pages/campaign-new-page";
import { searchText } from "@/shared/search-text";

type Search = { step?: string; draft?: string; template?: string };

export const Route = createFileRoute("/app/campaigns/new")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    step: searchText(search.step),
    draft: searchText(search.draft),
    template: searchText(search.template),
  }),
  component: CampaignNewPage,
});
