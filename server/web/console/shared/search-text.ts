/** Reads a text from the address. The router turns figures into numbers, so both are taken. */
export function searchText(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}
