import { createFileRoute } from "@tanstack/react-router";

// InboxPage reads the id from the address; see app.inbox.tsx.
export const Route = createFileRoute("/app/inbox/$id")({ component: () => null });
