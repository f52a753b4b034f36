import { createFileRoute } from "@tanstack/react-router";
import { CampaignPage } from "@/features/campaigns/pages/campaign-page";

type Search = { state?: string; search?: string };
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export const Route = createFileRoute("/app/campaigns/$id")({
  validateSearch: (search: Record<string, unknown>): Search => ({ state: text(search.state), search: text(search.search) }),
  component: CampaignPage,
});
