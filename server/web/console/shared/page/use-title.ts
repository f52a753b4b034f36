import { useEffect } from "react";
import { useMaybeSession } from "../session/session";
import { useWaitingCount } from "./waiting";

/** Sets the browser's title: what waits, the page, then the brand. */
export function useTitle(title: string): void {
  const brand = useMaybeSession()?.brand.name;
  const waiting = useWaitingCount((state) => state.count);
  useEffect(() => {
    const words = brand ? `${title} · ${brand}` : title;
    document.title = waiting > 0 ? `(${waiting}) ${words}` : words;
  }, [title, brand, waiting]);
}
