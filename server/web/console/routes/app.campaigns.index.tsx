import { createFileRoute } from "@tanstack/react-router";
import { CampaignsPage } from "@/features/campaigns/pages/campaigns-page";

type Search = { status?: string; search?: string };
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export const Route = createFileRoute("/app/campaigns/")({
  validateSearch: (search: Record<string, unknown>): Search => ({ status: text(search.status), search: text(search.search) }),
  component: CampaignsPage,
});
