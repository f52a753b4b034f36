import { HttpResponse } from "msw";
import type { Page } from "../api/types";

/** An error in the server's shape. */
export const refuse = (
  status: number,
  code: string,
  message: string,
  details?: { field: string; message: string }[],
) =>
  HttpResponse.json(
    { error: true, message, code, request_id: "req_01jdtest", ...(details ? { details } : {}) },
    { status },
  );

/** A page of a list: `limit` rows after the `cursor`, which is an offset here and opaque to the console. */
export function pageOf<T>(
  all: T[],
  request: Request,
  matches: (row: T, search: string) => boolean = () => true,
) {
  const { searchParams } = new URL(request.url);
  const search = (searchParams.get("search") ?? "").toLowerCase();
  const rows = all.filter((row) => matches(row, search));
  const from = Number(searchParams.get("cursor") ?? 0);
  const limit = Number(searchParams.get("limit") ?? 50);
  const next = from + limit < rows.length ? String(from + limit) : null;
  return HttpResponse.json<Page<T>>({ data: rows.slice(from, from + limit), next_cursor: next });
}

export const has = (value: string | null | undefined, search: string): boolean =>
  (value ?? "").toLowerCase().includes(search);
export const empty = () => new HttpResponse(null, { status: 204 });

/** The body as an object; what is no object becomes an empty one. */
export async function bodyOf<T extends object>(request: Request): Promise<Partial<T>> {
  const value: unknown = await request.json().catch(() => null);
  return typeof value === "object" && value !== null ? (value as Partial<T>) : {};
}
