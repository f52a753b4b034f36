import { expect, it } from "vitest";
import { tokensOf } from "./formatting";

const plain = (text: string) => ({ kind: "text", text });

it("bold, italic, strike and code become tokens", () => {
  expect(tokensOf("a *b* _c_ ~d~ `e`")).toEqual([
    plain("a "),
    { kind: "bold", children: [plain("b")] },
    plain(" "),
    { kind: "italic", children: [plain("c")] },
    plain(" "),
    { kind: "strike", children: [plain("d")] },
    plain(" "),
    { kind: "code", text: "e" },
  ]);
});

it("marks nest", () => {
  expect(tokensOf("*very _very_ good*")).toEqual([
    {
      kind: "bold",
      children: [plain("very "), { kind: "italic", children: [plain("very")] }, plain(" good")],
    },
  ]);
});

it("a mark inside a word, beside a space or without its twin stays a character", () => {
  for (const text of ["snake_case_name", "2 * 3 * 4", "*open", "** **", "5*3*2"]) {
    expect(tokensOf(text)).toEqual([plain(text)]);
  }
});

it("a mark does not reach over the end of its line", () => {
  expect(tokensOf("*a\nb*")).toEqual([plain("*a\nb*")]);
});

it("three backticks keep lines and marks as they are", () => {
  expect(tokensOf("```\n*a*\nb\n```")).toEqual([{ kind: "code", text: "*a*\nb" }]);
});

it("links lose the full stop after them and keep their underscores", () => {
  expect(tokensOf("See https://a.example/b_c_d.")).toEqual([
    plain("See "),
    { kind: "link", href: "https://a.example/b_c_d", text: "https://a.example/b_c_d" },
    plain("."),
  ]);
});

it("only web addresses become links", () => {
  expect(tokensOf("javascript:alert(1)")).toEqual([plain("javascript:alert(1)")]);
  expect(tokensOf("<img src=x onerror=alert(1)>")).toEqual([plain("<img src=x onerror=alert(1)>")]);
});

it("marks work in every script", () => {
  expect(tokensOf("*سلام* ok")).toEqual([{ kind: "bold", children: [plain("سلام")] }, plain(" ok")]);
});
