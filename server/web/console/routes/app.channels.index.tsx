import { createFileRoute } from "@tanstack/react-router";
import { ChannelsPage } from "@/features/channels/pages/channels-page";

export const Route = createFileRoute("/app/channels/")({ component: ChannelsPage });
