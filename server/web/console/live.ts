import type { QueryClient } from "@tanstack/react-query";
import { type EventTable, registerEvents } from "./shared/realtime/events";
import { openSocket } from "./shared/realtime/socket";

const tables = import.meta.glob<{ events: EventTable }>("./features/*/events.ts");
let registered: Promise<void> | null = null;

/** Every feature's events.ts is in the one table before the first event can arrive. */
function registerAll(): Promise<void> {
  registered ??= Promise.all(Object.values(tables).map((load) => load())).then((loaded) => {
    for (const { events } of loaded) registerEvents(events);
  });
  return registered;
}

/** Starts the live connection for the signed-in person; returns the way to end it. */
export function startLive(client: QueryClient): () => void {
  let stop: (() => void) | null = null;
  let ended = false;
  void registerAll()
    .then(() => openSocket(client))
    .then((close) => {
      if (ended) close();
      else stop = close;
    });
  return () => {
    ended = true;
    stop?.();
  };
}
