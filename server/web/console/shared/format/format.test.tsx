import { act, render, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { pickLanguage } from "../i18n/languages";
import { searchText } from "../search-text";
import { renderPage } from "../testing/render";
import { durationParts } from "./duration";
import { showPhone } from "./phone";
import { useFormat } from "./use-format";
import { setServerTime, useNow } from "./use-now";

it("a duration is split in whole units and never negative", () => {
  expect(durationParts(((5 * 60 + 12) * 60 + 59) * 1000)).toEqual({ days: 0, hours: 5, minutes: 12 });
  expect(durationParts(-5)).toEqual({ days: 0, hours: 0, minutes: 0 });
});

it("numbers of several countries are grouped after their country code", () => {
  expect(["+5511981234567", "+14155550123", "+966501234567", "+6281234567890", "123"].map(showPhone)).toEqual(
    ["+55 11 98123 4567", "+1 415 555 0123", "+966 501 23 4567", "+62 81 23456 7890", "123"],
  );
});

it("the nearest language is chosen, whatever the region", () => {
  expect(pickLanguage(["pt-PT"])).toBe("pt-BR");
  expect(pickLanguage([null, "xx", "de-AT"])).toBe("de");
  expect(pickLanguage([])).toBe("en");
});

it("search text that looks like a number stays text", () => {
  expect([searchText(123), searchText(""), searchText({}), searchText("ana")]).toEqual([
    "123",
    undefined,
    undefined,
    "ana",
  ]);
});

let format: ReturnType<typeof useFormat> | undefined;
function Probe() {
  format = useFormat();
  return null;
}

it("times stand in the time zone of the business and in the language of the page", async () => {
  renderPage(<Probe />, { session: { tenant: { id: "t", name: "T", timezone: "Asia/Kolkata" } } });
  await waitFor(() => expect(format).toBeDefined());
  expect(format?.dayKey("2026-03-01T20:00:00Z")).toBe("2026-03-02");
  expect(format?.duration(5 * 3_600_000 + 12 * 60_000)).toBe("5 h 12 min");
});

function Clock() {
  return <time>{new Date(useNow()).getUTCFullYear()}</time>;
}

it("the clock follows the server where this machine's is wrong", async () => {
  setServerTime("2031-05-01T00:00:00Z");
  render(<Clock />);
  expect(screen.getByText("2031")).toBeInTheDocument();
  act(() => setServerTime(new Date().toISOString()));
  expect(screen.queryByText("2031")).not.toBeInTheDocument();
});

function Counts() {
  const format = useFormat();
  return <p>{[0, 999, 1000, 3000].map(format.counted).join(" ")}</p>;
}

it("a count that the server ended says that there are more", async () => {
  renderPage(<Counts />);
  expect(await screen.findByText("0 999 999+ 999+")).toBeVisible();
});
