import { createFileRoute } from "@tanstack/react-router";
import { CampaignNewPage } from "@/features/campaigns/pages/campaign-new-page";

type Search = { step?: string; draft?: string; template?: string };
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export const Route = createFileRoute("/app/campaigns/new")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    step: text(search.step),
    draft: text(search.draft),
    template: text(search.template),
  }),
  component: CampaignNewPage,
});
