import { expect, it } from "vitest";
import { aCampaign } from "@/shared/testing/data-outreach";
import { actsOf, doneOf, newest, partsOf, reductionsOf, stateOf } from "./model";
import { localIn, momentIn } from "./zone";

const counts = {
  total: 10,
  waiting: 0,
  sent: 8,
  delivered: 6,
  read: 5,
  failed: 1,
  skipped: 0,
  unknown: 1,
  unconfirmed: 0,
};

it("sending with only unknown ones left is finishing", () => {
  expect(stateOf({ status: "sending", counts })).toBe("finishing");
  expect(stateOf({ status: "sending", counts: { ...counts, waiting: 1 } })).toBe("sending");
  expect(stateOf({ status: "completed", counts: { ...counts, unknown: 0 } })).toBe("completed");
});

it("everybody stands in exactly one part of the bar", () => {
  const parts = partsOf(counts);
  expect(parts.reduce((sum, { value }) => sum + value, 0)).toBe(10);
  expect(parts.map(({ key, value }) => [key, value])).toEqual([
    ["read", 5],
    ["delivered", 1],
    ["sent", 2],
    ["unknown", 1],
    ["failed", 1],
  ]);
});

it("who waits or is unknown is not decided yet", () => {
  expect(doneOf(counts)).toBe(9);
});

it("only what the state allows is offered", () => {
  expect(actsOf({ status: "sending" })).toEqual(["pause", "cancel"]);
  expect(actsOf({ status: "paused" })).toEqual(["resume", "cancel"]);
  expect(actsOf({ status: "completed" })).toEqual([]);
});

it("an older answer does not take the place of a newer event", () => {
  const event = aCampaign(1, { revision: 5 });
  expect(newest(event, aCampaign(1, { revision: 4 }))).toBe(event);
  expect(newest(event, aCampaign(1, { revision: 6 })).revision).toBe(6);
});

it("reductions of nobody are left out", () => {
  const preview = {
    selected: 10,
    opted_out: 2,
    unreachable: 0,
    duplicates: 1,
    missing_values: 0,
    total: 7,
    samples: [],
    forecast: { limit: null, left: null, per_second: 80, done_at: null },
  };
  expect(reductionsOf(preview)).toEqual([
    { key: "opted_out", value: 2 },
    { key: "duplicates", value: 1 },
  ]);
});

it("a time on the wall clock of the business becomes a moment and back, also when clocks change", () => {
  expect(momentIn("America/Sao_Paulo", "2026-05-14T18:00")).toBe("2026-05-14T21:00:00.000Z");
  expect(momentIn("Asia/Kolkata", "2026-05-14T18:00")).toBe("2026-05-14T12:30:00.000Z");
  expect(momentIn("Europe/Berlin", "2026-03-29T08:00")).toBe("2026-03-29T06:00:00.000Z");
  expect(localIn("Asia/Kolkata", "2026-05-14T12:30:00Z")).toBe("2026-05-14T18:00");
  expect(momentIn("UTC", "soon")).toBeNull();
});
