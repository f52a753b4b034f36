import { useSyncExternalStore } from "react";

const STEP = 30_000;
const listeners = new Set<() => void>();
let skew = 0;
const clock = () => Date.now() + skew;
let now = clock();
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = clock();
    timer = window.setInterval(() => {
      now = clock();
      for (const each of listeners) each();
    }, STEP);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Follows the server's clock where this machine's is wrong by more than half a minute: windows end when the server says. */
export function setServerTime(iso: string): void {
  const difference = Date.parse(iso) - Date.now();
  skew = Number.isFinite(difference) && Math.abs(difference) > STEP ? difference : 0;
  now = clock();
  for (const each of listeners) each();
}

/** The present moment in ms, moving every half minute: one clock for all rings and relative times. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
