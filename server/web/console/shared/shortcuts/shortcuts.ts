import { useEffect, useRef } from "react";
import { create } from "zustand";
import { remember, remembered } from "../storage";

export type Shortcut = {
  /** "mod+k", "g i", "[", "?" – single letters and sequences work only outside text fields. */
  keys: string;
  label: string;
  group: string;
  run: () => void;
};

type Entry = Shortcut & { id: number };
type Store = { entries: Entry[]; lettersOn: boolean };

export const useShortcuts = create<Store>(() => ({
  entries: [],
  lettersOn: remembered("shortcuts") !== "off",
}));
let last = 0;

/** Single-letter keys can be switched off (for people whose speech input types letters). */
export function setLetters(on: boolean): void {
  remember("shortcuts", on ? null : "off");
  useShortcuts.setState({ lettersOn: on });
}

/** Adds a shortcut while the component is on the page; it then also stands in the sheet of `?`. */
export function useShortcut(
  keys: string,
  about: { label: string; group: string; enabled?: boolean },
  run: () => void,
): void {
  const latest = useRef(run);
  latest.current = run;
  const { label, group, enabled = true } = about;
  useEffect(() => {
    if (!enabled) return;
    last += 1;
    const entry: Entry = { id: last, keys, label, group, run: () => latest.current() };
    useShortcuts.setState((old) => ({ entries: [...old.entries, entry] }));
    return () =>
      useShortcuts.setState((old) => ({ entries: old.entries.filter((other) => other !== entry) }));
  }, [keys, label, group, enabled]);
}

const isText = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target instanceof HTMLInputElement && !/^(checkbox|radio|button)$/.test(target.type)));

/** The name of a key press as shortcuts write it. */
export function pressOf(event: KeyboardEvent): string {
  const mod = event.metaKey || event.ctrlKey ? "mod+" : "";
  const shift = event.shiftKey && /^[a-z]$/i.test(event.key) ? "shift+" : "";
  return mod + shift + event.key.toLowerCase();
}

/** Listens on the document; returns the way to stop. The newest entry of the same keys wins. */
export function startShortcuts(): () => void {
  let prefix = "";
  let timer: number | undefined;
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const press = pressOf(event);
    const { entries, lettersOn } = useShortcuts.getState();
    const plain = !press.startsWith("mod+");
    if (plain && (isText(event.target) || !lettersOn)) return;
    // An open dialog or menu has its own keys.
    if (
      plain &&
      event.target instanceof Element &&
      event.target.closest('[role="dialog"],[role="menu"],[role="listbox"]')
    )
      return;
    const wanted = prefix === "" ? press : `${prefix} ${press}`;
    window.clearTimeout(timer);
    const hit =
      entries.findLast((entry) => entry.keys === wanted) ?? entries.findLast((entry) => entry.keys === press);
    prefix = "";
    if (hit) {
      event.preventDefault();
      hit.run();
    } else if (plain && entries.some((entry) => entry.keys.startsWith(`${press} `))) {
      prefix = press;
      timer = window.setTimeout(() => {
        prefix = "";
      }, 1200);
    }
  };
  document.addEventListener("keydown", onKey);
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener("keydown", onKey);
  };
}
