import { expect, it } from "vitest";
import { checkPhone, phonesOf } from "./phone-number";

it("every way of writing an international number becomes one", () => {
  for (const text of ["+55 11 98123-4567", "0055 (11) 98123.4567", "+5511981234567", " +55/11/981234567 "])
    expect(checkPhone(text)).toEqual({ ok: true, phone: "+5511981234567" });
});

it("digits of other scripts are digits", () => {
  expect(checkPhone("+٩٦٦٥٠١٢٣٤٥٦٧")).toEqual({ ok: true, phone: "+966501234567" });
  expect(checkPhone("+९१९८२००१२३४५")).toEqual({ ok: true, phone: "+919820012345" });
});

it("says what is wrong: no country, too short, too long, letters", () => {
  const problem = (text: string) => {
    const check = checkPhone(text);
    return check.ok ? null : check.problem;
  };
  expect(["011 98123", "+55 11", `+${"1".repeat(16)}`, "+55 abc", ""].map(problem)).toEqual([
    "country",
    "short",
    "long",
    "letters",
    "empty",
  ]);
});

it("pasted numbers are counted: good, not understood, twice the same", () => {
  expect(phonesOf("+5511981234567\n+55 11 98123-4567, hello; +14155550123\n")).toEqual({
    good: ["+5511981234567", "+14155550123"],
    bad: ["hello"],
    doubled: 1,
  });
});
