import { useCallback } from "react";
import { useTranslation } from "react-i18next";

type Failure = { code: string; message: string; advice?: string | null };

/** Meta's codes that the console explains in every language. */
const KNOWN = ["100", "190", "33", "130429", "131026", "131047", "131049", "131056", "132000", "132001"];

/** Why a message failed, in plain words; codes we do not know keep the server's own sentence. */
export function useCause(): (failure: Failure) => { message: string; advice: string | null } {
  const { t } = useTranslation();
  return useCallback(
    (failure: Failure) => {
      const number = failure.code.replace(/^META_/, "");
      if (KNOWN.includes(number)) return { message: t(`inbox.cause_${number}`), advice: null };
      return { message: failure.message || t("inbox.cause_unknown"), advice: failure.advice ?? null };
    },
    [t],
  );
}

/** The failure is that free words are not allowed now: only a template helps. */
export const needsTemplate = (code: string): boolean => code === "WINDOW_CLOSED" || /131047$/.test(code);
