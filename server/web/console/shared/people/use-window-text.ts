import { useTranslation } from "react-i18next";
import type { ReplyWindow } from "../api/types";
import { useFormat } from "../format/use-format";
import { useNow } from "../format/use-now";

/** How long free replies are possible, as ms (null: closed) and in words. The end comes from the server, never guessed. */
export function useWindowText(reply: ReplyWindow | null): { leftMs: number | null; text: string } {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (!reply?.open || !reply.expires_at) return { leftMs: null, text: t("window.closed") };
  const leftMs = Date.parse(reply.expires_at) - now;
  if (leftMs <= 0) return { leftMs: null, text: t("window.closed") };
  return { leftMs, text: t("window.left", { duration: format.duration(leftMs) }) };
}
