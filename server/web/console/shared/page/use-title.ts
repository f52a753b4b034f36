import { useEffect } from "react";
import { useFormat } from "../format/use-format";
import { useMaybeSession } from "../session/session";
import { useWaitingCount } from "./waiting";

/** Sets the browser's title: what waits, the page, then the brand. */
export function useTitle(title: string): void {
  const brand = useMaybeSession()?.brand.name;
  const format = useFormat();
  const count = useWaitingCount((state) => state.count);
  const waiting = count > 0 ? `(${format.counted(count)}) ` : "";
  useEffect(() => {
    const words = brand ? `${title} · ${brand}` : title;
    document.title = `${waiting}${words}`;
  }, [title, brand, waiting]);
}
