// Small things kept in this browser. Storage may be refused (private mode, full disk); then they are
// simply not kept, which never stands in the way of the work itself.

const PREFIX = "console.";

export function remembered(key: string): string | null {
  try {
    return window.localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) window.localStorage.removeItem(PREFIX + key);
    else window.localStorage.setItem(PREFIX + key, value);
  } catch {
    // Not kept; see above.
  }
}

/** All keys that begin so, without our prefix. */
export function rememberedKeys(start: string): string[] {
  try {
    return Object.keys(window.localStorage)
      .filter((key) => key.startsWith(PREFIX + start))
      .map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}
