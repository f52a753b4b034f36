import { isApiError } from "@/shared/api/errors";

/** The server's remark about one field of a refused form. */
export function remarkOn(field: string, error: unknown): string | undefined {
  return isApiError(error) ? error.details.find((detail) => detail.field === field)?.message : undefined;
}

/** Empty or something like an address; the server decides in the end. */
export const looksLikeEmail = (text: string): boolean =>
  text.trim() === "" || /^\S+@\S+\.\S+$/.test(text.trim());
