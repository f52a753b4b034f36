import { createFileRoute } from "@tanstack/react-router";
import { ConnectPage } from "@/features/channels/pages/connect-page";

export const Route = createFileRoute("/app/channels/connect")({ component: ConnectPage });
