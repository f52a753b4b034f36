import { createFileRoute } from "@tanstack/react-router";
import { ContactsPage } from "@/features/contacts/pages/contacts-page";
import { searchText } from "@/shared/search-text";

type Search = { search?: string; group?: string; tag?: string; contact?: string };

export const Route = createFileRoute("/app/contacts")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    search: searchText(search.search),
    group: searchText(search.group),
    tag: searchText(search.tag),
    contact: searchText(search.contact),
  }),
  component: ContactsPage,
});
