// The number of the last event that this tab has taken in. Kept for the life of the tab: a fresh tab
// reads everything from the server and needs no earlier event.
let position: number | null = null;

export const lastPosition = (): number | null => position;

/** Positions only grow: an event that comes twice is refused the second time. */
export function take(next: number): boolean {
  if (position !== null && next <= position) return false;
  position = next;
  return true;
}

export function resetPosition(next: number | null): void {
  position = next;
}
