import { useCallback, useEffect, useRef, useState } from "react";
import { remember, remembered, rememberedKeys } from "../storage";

const PREFIX = "draft.";

/** Text that survives reload and crash, apart for each `key` (a conversation id, a form). Empty text is forgotten. */
export function useDraft(key: string): [string, (text: string) => void, () => void] {
  const [state, setState] = useState({ key, text: remembered(PREFIX + key) ?? "" });
  // Another key in the same place (the next conversation) brings its own text, without a frame of the old one.
  const current = state.key === key ? state : { key, text: remembered(PREFIX + key) ?? "" };
  if (current !== state) setState(current);

  const latest = useRef(current);
  latest.current = current;
  const set = useCallback(
    (text: string) => {
      setState({ key, text });
      remember(PREFIX + key, text === "" ? null : text);
    },
    [key],
  );
  const clear = useCallback(() => set(""), [set]);

  useEffect(() => {
    const onStorage = (event: StorageEvent) => {
      if (event.key === `console.${PREFIX}${key}` && latest.current.text === "")
        setState({ key, text: event.newValue ?? "" });
    };
    window.addEventListener("storage", onStorage);
    return () => window.removeEventListener("storage", onStorage);
  }, [key]);
  return [current.text, set, clear];
}

/** The keys that hold a draft, to mark them in lists. */
export function draftKeys(start = ""): string[] {
  return rememberedKeys(PREFIX + start).map((key) => key.slice(PREFIX.length));
}
