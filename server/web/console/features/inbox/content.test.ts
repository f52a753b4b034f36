import { expect, it } from "vitest";
import { cardsOf, interactiveOf, mediaOf, templateOf, wordsOf } from "./content";

it("media without a file is still on its way, whatever the state says", () => {
  expect(mediaOf({ state: "ready", media_id: null }).state).toBe("pending");
  expect(mediaOf({ state: "failed", error: "gone" })).toMatchObject({ state: "failed", error: "gone" });
  expect(mediaOf({ media_id: "med_1" }).state).toBe("ready");
});

it("a template's buttons are read as texts or as objects", () => {
  const buttons = [{ type: "quick_reply", text: "Yes" }, "No", { type: "url" }];
  expect(templateOf({ body: "Hi", buttons }).buttons.map(({ text }) => text)).toEqual(["Yes", "No"]);
});

it("contact cards are read in Meta's form", () => {
  const card = { name: { formatted_name: "Ana" }, phones: [{ phone: "+5511" }, {}] };
  expect(cardsOf([card])).toEqual([{ name: "Ana", phones: ["+5511"] }]);
  expect(cardsOf({ contacts: [card] })).toHaveLength(1);
  expect(cardsOf(null)).toEqual([]);
});

it("an interactive message that we sent shows its text and what may be pressed", () => {
  const sent = {
    type: "button",
    body: { text: "Deliver or pick up?" },
    action: { buttons: [{ reply: { title: "Deliver" } }] },
  };
  expect(interactiveOf(sent)).toMatchObject({ body: "Deliver or pick up?", buttons: [{ text: "Deliver" }] });
  expect(interactiveOf({ title: "Deliver" })).toBeNull();
});

it("no kind of content breaks the words", () => {
  for (const content of [null, [], "text", 5, {}]) expect(wordsOf("order", content)).toBe("");
  expect(wordsOf("image", { caption: "Cake" })).toBe("Cake");
});
