import { create } from "zustand";

export type Connection = {
  state: "connecting" | "connected" | "lost";
  /** When the connection was lost, in ms since 1970. */
  since: number | null;
};

export const useConnection = create<Connection>(() => ({ state: "connecting", since: null }));

export function setConnected(): void {
  useConnection.setState({ state: "connected", since: null });
}

/** Keeps the first moment of the loss over further failed tries. */
export function setLost(now: number): void {
  useConnection.setState((old) => (old.state === "lost" ? old : { state: "lost", since: now }));
}
