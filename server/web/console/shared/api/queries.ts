import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  type QueryKey,
  queryOptions,
} from "@tanstack/react-query";
import { api, type Params } from "./client";
import type { Page } from "./types";

/** Every key is the path and its parameters, so that live events can find what they change. */
export const keyOf = (path: string, params?: Params): [string, Params] => [path, params ?? {}];

/** One thing, or a short list that comes whole. */
export function one<T>(path: string, params?: Params) {
  return queryOptions({
    queryKey: keyOf(path, params),
    queryFn: ({ signal }) => api.get<T>(path, params, signal),
  });
}

/** A list that comes in pages. Use with useInfiniteQuery; `rowsOf` joins what has come. */
export function pages<T>(path: string, params?: Params) {
  return infiniteQueryOptions({
    queryKey: [...keyOf(path, params), "pages"],
    queryFn: ({ pageParam, signal }) => api.get<Page<T>>(path, { ...params, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export type Pages<T> = { pages: Page<T>[]; pageParams: unknown[] };

export function rowsOf<T>(data: Pages<T> | undefined): T[] {
  return data?.pages.flatMap((page) => page.data) ?? [];
}

/** The parameters of a cached key made by `one` or `pages`. */
export function paramsOf(key: QueryKey): Params {
  const params = key[1];
  return typeof params === "object" && params !== null ? (params as Params) : {};
}

/** Changes every cached paged list of `path`; `change` gets all its rows and the list's parameters. */
export function patchPages<T>(
  client: QueryClient,
  path: string,
  change: (rows: T[], params: Params) => T[],
): void {
  for (const query of client.getQueryCache().findAll({ queryKey: [path] })) {
    if (query.queryKey[2] !== "pages") continue;
    client.setQueryData<Pages<T>>(query.queryKey, (old) => {
      if (!old) return old;
      const before = rowsOf(old);
      const after = change(before, paramsOf(query.queryKey));
      if (after === before) return old;
      return repage(old, after);
    });
  }
}

/** Puts changed rows back into pages: sizes stay, what is more or less goes to the first page. */
function repage<T>(old: Pages<T>, rows: T[]): Pages<T> {
  const rest = old.pages.slice(1).reduce((sum, page) => sum + page.data.length, 0);
  let from = Math.max(0, rows.length - rest);
  const first = rows.slice(0, from);
  return {
    ...old,
    pages: old.pages.map((page, index) => {
      if (index === 0) return { ...page, data: first };
      const data = rows.slice(from, from + page.data.length);
      from += page.data.length;
      return { ...page, data };
    }),
  };
}
