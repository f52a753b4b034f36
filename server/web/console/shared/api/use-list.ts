import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Params } from "./client";
import { pages, rowsOf } from "./queries";

/** So many rows fill a pane. */
const FULL = 20;

/**
 * A list that comes in pages, joined. A page of a search may be short, for only a part of the list was looked at: then
 * the next one is asked for at once, and `goesOn` is true, so that nobody says already that nothing was found.
 */
export function useList<T>(path: string, params?: Params) {
  const query = useInfiniteQuery(pages<T>(path, params));
  const rows = rowsOf(query.data);
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const last = query.data?.pages.at(-1);
  const goesOn = hasNextPage && (rows.length < FULL || last?.data.length === 0);
  useEffect(() => {
    // Once for each page: an answer may be there before anybody saw that it was asked for.
    if (last && goesOn && !isFetching && !isError) void fetchNextPage();
  }, [last, goesOn, isFetching, isError, fetchNextPage]);
  return { ...query, rows, goesOn };
}
