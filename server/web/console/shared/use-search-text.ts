import { useEffect, useRef, useState } from "react";

/** A search field whose text goes to the address a moment after the last key, and follows the address back. */
export function useSearchText(
  kept: string,
  onKeep: (text: string) => void,
): [string, (text: string) => void] {
  const [text, setText] = useState(kept);
  const told = useRef(kept);
  const keep = useRef(onKeep);
  keep.current = onKeep;
  useEffect(() => {
    if (kept === told.current) return;
    told.current = kept;
    setText(kept);
  }, [kept]);
  useEffect(() => {
    if (text === told.current) return;
    const timer = window.setTimeout(() => {
      told.current = text;
      keep.current(text);
    }, 250);
    return () => window.clearTimeout(timer);
  }, [text]);
  return [text, setText];
}
