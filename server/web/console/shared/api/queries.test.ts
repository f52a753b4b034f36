import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { type Pages, patchPages, rowsOf } from "./queries";

type Row = { id: number };
const row = (id: number): Row => ({ id });
const pagesOf = (...pages: number[][]): Pages<Row> => ({
  pages: pages.map((ids, index) => ({
    data: ids.map(row),
    next_cursor: index + 1 < pages.length ? String(index) : null,
  })),
  pageParams: pages.map(() => null),
});
const ids = (client: QueryClient, key: unknown[]) =>
  rowsOf(client.getQueryData<Pages<Row>>(key)).map(({ id }) => id);

it("a row that arrives goes to the first page and the others keep their sizes", () => {
  const client = new QueryClient();
  const key = ["/rows", {}, "pages"];
  client.setQueryData(key, pagesOf([1, 2], [3, 4]));
  patchPages<Row>(client, "/rows", (rows) => [row(0), ...rows]);
  expect(ids(client, key)).toEqual([0, 1, 2, 3, 4]);
  expect(client.getQueryData<Pages<Row>>(key)?.pages.map((page) => page.data.length)).toEqual([3, 2]);
});

it("a row that leaves is gone, and none is doubled", () => {
  const client = new QueryClient();
  const key = ["/rows", {}, "pages"];
  client.setQueryData(key, pagesOf([1, 2], [3, 4]));
  patchPages<Row>(client, "/rows", (rows) => rows.filter(({ id }) => id !== 4));
  expect(ids(client, key)).toEqual([1, 2, 3]);
});

it("each list sees its own parameters, other paths stay untouched", () => {
  const client = new QueryClient();
  client.setQueryData(["/rows", { status: "open" }, "pages"], pagesOf([1]));
  client.setQueryData(["/rows", { status: "resolved" }, "pages"], pagesOf([2]));
  client.setQueryData(["/others", {}, "pages"], pagesOf([3]));
  patchPages<Row>(client, "/rows", (rows, params) => (params.status === "open" ? [] : rows));
  expect(ids(client, ["/rows", { status: "open" }, "pages"])).toEqual([]);
  expect(ids(client, ["/rows", { status: "resolved" }, "pages"])).toEqual([2]);
  expect(ids(client, ["/others", {}, "pages"])).toEqual([3]);
});
