import { expect, it } from "vitest";
import { QUICK_REPLIES } from "@/shared/testing/data";
import { checkFile } from "./media-limits";
import { inserted, matching, slashAt } from "./quick";
import { countdown, windowTone } from "./window";

it("a slash at a word's beginning asks for quick replies, one inside a word or an address does not", () => {
  expect(slashAt("/ho", 3)).toEqual({ from: 0, to: 3, text: "ho" });
  expect(slashAt("Hi /", 4)).toEqual({ from: 3, to: 4, text: "" });
  expect(slashAt("24/7", 4)).toBeNull();
  expect(slashAt("/hours now", 10)).toBeNull();
});

it("shortcuts that begin so come first", () => {
  expect(matching(QUICK_REPLIES, "p").map(({ shortcut }) => shortcut)).toEqual(["pix", "hours"]);
});

it("the chosen reply takes the place of the slash word only", () => {
  const query = slashAt("Hi /ho", 6);
  expect(query && inserted("Hi /ho there", query, "We open at 7.")).toEqual({
    text: "Hi We open at 7. there",
    caret: 16,
  });
});

it("limits are known before any upload", () => {
  expect(checkFile({ type: "image/jpeg", size: 4_000_000 })).toEqual({ ok: true, kind: "image" });
  expect(checkFile({ type: "image/png", size: 6_200_000 })).toMatchObject({
    problem: "size",
    limit: 5_000_000,
  });
  expect(checkFile({ type: "image/svg+xml", size: 10 })).toMatchObject({ problem: "type" });
  expect(checkFile({ type: "audio/ogg; codecs=opus", size: 10 })).toEqual({ ok: true, kind: "audio" });
});

it("the window is calm over six hours, urgent under two, counted under ten minutes", () => {
  const hours = [7, 5, 1.5, 0.1, 0].map((each) => windowTone(each * 3_600_000));
  expect(hours).toEqual(["open", "soon", "closing", "counting", "closed"]);
  expect(countdown(581_000)).toBe("9:41");
  expect(countdown(-5)).toBe("0:00");
});
