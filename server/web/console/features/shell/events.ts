import type { QueryClient } from "@tanstack/react-query";
import { channelsQuery } from "@/shared/channels/channels";
import type { EventTable } from "@/shared/realtime/events";
import { COUNTS } from "./api";

let waiting: number | undefined;

/** Counts are read again at most once a second, however many events come. */
function refreshCounts(client: QueryClient): void {
  if (waiting !== undefined) return;
  waiting = window.setTimeout(() => {
    waiting = undefined;
    void client.invalidateQueries({ queryKey: [COUNTS] });
  }, 1000);
}

export const events: EventTable = {
  "message.created": ({ message }, client) => {
    if (message.direction === "inbound") refreshCounts(client);
  },
  "conversation.updated": (_, client) => refreshCounts(client),
  "channel.updated": (_, client) => void client.invalidateQueries({ queryKey: channelsQuery.queryKey }),
};
