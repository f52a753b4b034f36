import { createFileRoute } from "@tanstack/react-router";
import { ContactsPage } from "@/features/contacts/pages/contacts-page";

type Search = { search?: string; group?: string; tag?: string; contact?: string };
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export const Route = createFileRoute("/app/contacts")({
  validateSearch: (search: Record<string, unknown>): Search => ({
    search: text(search.search),
    group: text(search.group),
    tag: text(search.tag),
    contact: text(search.contact),
  }),
  component: ContactsPage,
});
