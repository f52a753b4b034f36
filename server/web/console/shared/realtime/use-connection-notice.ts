import { useEffect, useState } from "react";
import { useConnection } from "./connection";

export type Notice = "none" | "reconnecting" | "offline";

/** Nothing in the first three seconds of a loss, then "Reconnecting…", after fifteen the banner that says since when. */
export function useConnectionNotice(): { notice: Notice; since: number | null } {
  const { state, since } = useConnection();
  const [stage, setStage] = useState<Notice>("none");
  useEffect(() => {
    if (state !== "lost") {
      setStage("none");
      return;
    }
    const soon = window.setTimeout(() => setStage("reconnecting"), 3000);
    const later = window.setTimeout(() => setStage("offline"), 15_000);
    return () => {
      window.clearTimeout(soon);
      window.clearTimeout(later);
    };
  }, [state]);
  return { notice: stage, since };
}
