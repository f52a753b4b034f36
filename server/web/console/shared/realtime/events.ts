import type { QueryClient } from "@tanstack/react-query";
import type { Conversation, Iso, Message, MessageError, MessageStatus, TimelineEntry } from "../api/types";
import type { Campaign } from "../api/types-outreach";

/** What the server tells while the console is open, by kind. */
export type LiveEvents = {
  "message.created": { conversation: Conversation; message: Message };
  "message.updated": {
    conversation_id: string;
    message_id: string;
    status?: MessageStatus | null;
    error?: MessageError | null;
    timeline?: TimelineEntry[];
    /** The whole message, when its media became ready. */
    message?: Message;
  };
  "conversation.updated": { conversation: Conversation };
  "contact.updated": { contact_id: string };
  "group.updated": { group_id: string };
  "campaign.updated": { campaign: Campaign };
  "channel.updated": { channel_id: string };
  "template.updated": { template_id: string };
};
export type Kind = keyof LiveEvents;
export type LiveEvent = { position: number; kind: string; at: Iso; data: unknown };

/** A feature's events.ts exports one of these as `events`: kind → change of the cache. */
export type EventTable = { [K in Kind]?: (data: LiveEvents[K], client: QueryClient) => void };

const handlers = new Map<string, ((data: never, client: QueryClient) => void)[]>();

/** Adds a feature's table. Several features may listen to the same kind. */
export function registerEvents(table: EventTable): void {
  for (const [kind, handler] of Object.entries(table)) {
    handlers.set(kind, [
      ...(handlers.get(kind) ?? []),
      handler as (data: never, client: QueryClient) => void,
    ]);
  }
}

/** Hands one event to all who listen. Unknown kinds are ignored: a newer server may send them. */
export function dispatch(event: Pick<LiveEvent, "kind" | "data">, client: QueryClient): void {
  for (const handler of handlers.get(event.kind) ?? []) handler(event.data as never, client);
}

/** For tests only. */
export function forgetEvents(): void {
  handlers.clear();
}
