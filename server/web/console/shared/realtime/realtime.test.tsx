import { QueryClient } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setConnected, setLost, useConnection } from "./connection";
import { forgetEvents, registerEvents } from "./events";
import { lastPosition, resetPosition } from "./position";
import { applyBatch, applyReload } from "./socket";
import { useConnectionNotice } from "./use-connection-notice";

const event = (position: number, kind = "contact.updated") => ({
  position,
  kind,
  at: "2026-01-01T00:00:00Z",
  data: { contact_id: `con_${position}` },
});
const client = new QueryClient();

beforeEach(() => {
  resetPosition(10);
  forgetEvents();
  useConnection.setState({ state: "connecting", since: null });
});
afterEach(() => {
  vi.useRealTimers();
});

it("events are taken in order and none twice, also when batches overlap after a reconnect", () => {
  const seen: string[] = [];
  registerEvents({ "contact.updated": ({ contact_id }) => void seen.push(contact_id) });
  applyBatch({ position: 12, events: [event(11), event(12)] }, client);
  applyBatch({ position: 13, events: [event(11), event(12), event(13)] }, client);
  expect(seen).toEqual(["con_11", "con_12", "con_13"]);
  expect(lastPosition()).toBe(13);
});

it("an unknown kind is passed over and its position counts", () => {
  applyBatch({ position: 11, events: [event(11, "telepathy.received")] }, client);
  expect(lastPosition()).toBe(11);
});

it("several features may listen to one kind", () => {
  const [one, two] = [vi.fn(), vi.fn()];
  registerEvents({ "contact.updated": one });
  registerEvents({ "contact.updated": two });
  applyBatch({ position: 11, events: [event(11)] }, client);
  expect(one).toHaveBeenCalledTimes(1);
  expect(two).toHaveBeenCalledTimes(1);
});

it("a gap that is too old reads everything again from the new position", () => {
  const invalidate = vi.spyOn(client, "invalidateQueries");
  applyReload(500, client);
  expect(lastPosition()).toBe(500);
  expect(invalidate).toHaveBeenCalled();
});

it("a short loss is not worth a word; after 3 s it says so, after 15 s since when", () => {
  vi.useFakeTimers();
  const { result } = renderHook(() => useConnectionNotice());
  act(() => setLost(1000));
  act(() => vi.advanceTimersByTime(2900));
  expect(result.current.notice).toBe("none");
  act(() => vi.advanceTimersByTime(200));
  expect(result.current.notice).toBe("reconnecting");
  act(() => setLost(9000));
  act(() => vi.advanceTimersByTime(12_000));
  expect(result.current).toEqual({ notice: "offline", since: 1000 });
  act(() => setConnected());
  expect(result.current.notice).toBe("none");
});
