import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { draftKeys, useDraft } from "./use-draft";

it("a draft survives leaving the page, apart for each conversation", () => {
  const first = renderHook(() => useDraft("cnv_1"));
  act(() => first.result.current[1]("Half a sentence"));
  first.unmount();
  expect(renderHook(() => useDraft("cnv_2")).result.current[0]).toBe("");
  expect(renderHook(() => useDraft("cnv_1")).result.current[0]).toBe("Half a sentence");
  expect(draftKeys("cnv_")).toEqual(["cnv_1"]);
});

it("changing the conversation in place never shows the other one's text", () => {
  const shown: string[] = [];
  const { result, rerender } = renderHook(
    ({ key }) => {
      const draft = useDraft(key);
      shown.push(`${key}:${draft[0]}`);
      return draft;
    },
    { initialProps: { key: "cnv_1" } },
  );
  act(() => result.current[1]("For Ana"));
  rerender({ key: "cnv_2" });
  expect(result.current[0]).toBe("");
  expect(shown).not.toContain("cnv_2:For Ana");
});

it("a cleared draft leaves nothing behind", () => {
  const { result } = renderHook(() => useDraft("cnv_3"));
  act(() => result.current[1]("x"));
  act(() => result.current[2]());
  expect(draftKeys()).toEqual([]);
});
