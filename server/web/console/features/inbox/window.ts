import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReplyWindow } from "@/shared/api/types";
import { useWindowText } from "@/shared/people/use-window-text";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export type WindowTone = "open" | "soon" | "closing" | "counting" | "closed";

/** More than six hours is calm, less than two urgent; the last ten minutes are counted. */
export function windowTone(leftMs: number | null): WindowTone {
  if (leftMs === null || leftMs <= 0) return "closed";
  if (leftMs < 10 * MINUTE) return "counting";
  if (leftMs < 2 * HOUR) return "closing";
  return leftMs < 6 * HOUR ? "soon" : "open";
}

/** 9:41 */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The reply window for the thread: as the shared words, and by the second in the last ten minutes. */
export function useReplyWindow(reply: ReplyWindow | null): { tone: WindowTone; text: string; open: boolean } {
  const { t } = useTranslation();
  const coarse = useWindowText(reply);
  const ends = reply?.open && reply.expires_at ? Date.parse(reply.expires_at) : null;
  const near = coarse.leftMs !== null && coarse.leftMs < 11 * MINUTE;
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!near) return;
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [near]);
  const leftMs = near && ends !== null ? ends - now : coarse.leftMs;
  const tone = windowTone(leftMs);
  if (tone === "counting" && leftMs !== null)
    return { tone, open: true, text: t("inbox.window_counting", { time: countdown(leftMs) }) };
  return { tone, open: tone !== "closed", text: tone === "closed" ? t("window.closed") : coarse.text };
}
