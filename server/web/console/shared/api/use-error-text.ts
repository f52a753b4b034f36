import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { isApiError } from "./errors";

export type ShownError = { message: string; code: string | null; requestId: string | null };

/** Codes whose words the console knows in every language; others show the server's own sentence. */
const KNOWN = [
  "NETWORK",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "LOGIN_FAILED",
  "SETUP_TOKEN_INVALID",
  "SETUP_DONE",
  "WINDOW_CLOSED",
  "NOT_RESENDABLE",
  "ASSIGNED_ELSEWHERE",
  "MEDIA_TOO_LARGE",
  "MEDIA_TYPE",
  "CAMPAIGN_STATE",
  "CHANNEL_EXISTS",
  "RATE_LIMITED",
];

/** Turns any error into words for ErrorState and ErrorNote. */
export function useErrorText(): (error: unknown) => ShownError {
  const { t } = useTranslation();
  return useCallback(
    (error: unknown) => {
      if (!isApiError(error)) return { message: t("errors.unexpected"), code: null, requestId: null };
      const about = { code: error.code, requestId: error.requestId };
      if (error.code === "LOGIN_THROTTLED") {
        return {
          ...about,
          message: t("errors.LOGIN_THROTTLED", {
            count: Math.max(1, Math.ceil((error.retryAfter ?? 60) / 60)),
          }),
        };
      }
      if (KNOWN.includes(error.code)) return { ...about, message: t(`errors.${error.code}`) };
      if (error.message !== "") return { ...about, message: error.message };
      return { ...about, message: error.status >= 500 ? t("errors.server") : t("errors.unexpected") };
    },
    [t],
  );
}
