import { createFileRoute } from "@tanstack/react-router";
import { ConnectPage } from "@/features/channels/pages/connect-page";
import { searchText } from "@/shared/search-text";

type Search = { waba?: string; number?: string; name?: string };

export const Route = createFileRoute("/app/channels/connect")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    waba: searchText(search.waba),
    number: searchText(search.number),
    name: searchText(search.name),
  }),
  component: ConnectPage,
});
