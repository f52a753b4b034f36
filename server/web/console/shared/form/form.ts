import { zodResolver } from "@hookform/resolvers/zod";
import { type FieldValues, type Path, type UseFormReturn, useForm } from "react-hook-form";
import * as z from "zod/mini";
import { isApiError } from "../api/errors";

// The page's policy forbids making code from text, which zod's fast path does.
z.config({ jitless: true });

/** A form checked on leaving a field and on submit, never while typing for the first time. Rules give translation keys. */
export function useCheckedForm<T extends FieldValues>(
  schema: z.ZodMiniType<T, T>,
  defaultValues: T,
): UseFormReturn<T> {
  return useForm<T>({
    resolver: zodResolver(schema),
    defaultValues: defaultValues as never,
    mode: "onBlur",
    reValidateMode: "onChange",
    shouldFocusError: true,
  });
}

/** Puts the server's remarks beside their fields. True when at least one found its place. */
export function showDetails<T extends FieldValues>(form: UseFormReturn<T>, error: unknown): boolean {
  if (!isApiError(error)) return false;
  const fields = Object.keys(form.getValues());
  // The server may name the way to a field: `body.name`.
  const known = error.details
    .map(({ field, message }) => ({ field: field.replace(/^body\./, ""), message }))
    .filter(({ field }) => fields.includes(field));
  known.forEach(({ field, message }, index) => {
    form.setError(field as Path<T>, { type: "server", message }, { shouldFocus: index === 0 });
  });
  return known.length > 0;
}
