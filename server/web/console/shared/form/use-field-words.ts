import type { FieldErrors, FieldValues } from "react-hook-form";
import { useTranslation } from "react-i18next";

/** The words for a field's error: our rules name a translation key, the server's remarks are sentences already. */
export function useFieldWords<T extends FieldValues>(
  errors: FieldErrors<T>,
): (name: keyof T) => string | undefined {
  const { t } = useTranslation();
  return (name) => {
    const error = errors[name];
    if (!error || typeof error.message !== "string") return undefined;
    return error.type === "server" ? error.message : t(error.message);
  };
}
