import type { QueryClient } from "@tanstack/react-query";
import { setConnected, setLost } from "./connection";
import { dispatch, type LiveEvent } from "./events";
import { lastPosition, resetPosition, take } from "./position";

type Batch = { position: number; events: LiveEvent[] };

/**
 * Applies a batch in order; what was already taken is passed over. Several events of a batch may share a position:
 * one step of the log can move many messages.
 */
export function applyBatch(batch: Batch, client: QueryClient): void {
  const before = lastPosition();
  for (const event of batch.events) {
    if (before === null || event.position > before) dispatch(event, client);
  }
  take(batch.position);
}

/** The gap was too old: everything on screen is read again. */
export function applyReload(position: number, client: QueryClient): void {
  resetPosition(position);
  void client.invalidateQueries();
}

/**
 * Opens the live connection and returns the way to close it. After a loss it comes back by itself and asks
 * for all events after the last one taken, so nothing is missed and nothing comes twice.
 */
export async function openSocket(client: QueryClient): Promise<() => void> {
  const { io } = await import("socket.io-client");
  const socket = io("/console", {
    path: "/socket.io",
    withCredentials: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 8000,
    // Read at every (re)connection, so each one resumes from the newest position.
    auth: (give) => give({ after: lastPosition() }),
  });
  let closed = false;
  socket.on("ready", ({ position }: { position: number }) => {
    if (lastPosition() === null) {
      // What was read before this moment may lack events that no batch will bring: read it once more.
      resetPosition(position);
      void client.invalidateQueries();
    }
    take(position);
    setConnected();
  });
  socket.on("events", (batch: Batch) => applyBatch(batch, client));
  socket.on("reload", ({ position }: { position: number }) => {
    applyReload(position, client);
    setConnected();
  });
  socket.on("disconnect", (why) => {
    if (closed) return;
    setLost(Date.now());
    // The server closed it on purpose (restart, session change): the client must call again itself.
    if (why === "io server disconnect") window.setTimeout(() => socket.connect(), 1000);
  });
  socket.on("connect_error", () => {
    if (closed) return;
    setLost(Date.now());
    // A refusal by the namespace ends the tries; the session may be back in a moment.
    if (!socket.active) window.setTimeout(() => !closed && socket.connect(), 5000);
  });
  const wake = () => {
    if (!socket.connected) socket.connect();
  };
  window.addEventListener("online", wake);
  return () => {
    closed = true;
    window.removeEventListener("online", wake);
    socket.close();
    resetPosition(null);
  };
}
