import { createFileRoute } from "@tanstack/react-router";
import { InboxPage } from "@/features/inbox/pages/inbox-page";
import { searchText } from "@/shared/search-text";

const STATUSES = ["open", "pending", "resolved"] as const;
const VIEWS = ["all", "mine", "unassigned"] as const;
type Search = { status?: (typeof STATUSES)[number]; view?: (typeof VIEWS)[number]; search?: string };

// The list stays while conversations change: /app/inbox/$id is a child without markup of its own.
export const Route = createFileRoute("/app/inbox")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    status: STATUSES.find((status) => status === search.status),
    view: VIEWS.find((view) => view === search.view),
    search: searchText(search.search),
  }),
  component: InboxPage,
});
