import { expect, it } from "vitest";
import { aTemplate } from "../testing/data-outreach";
import { fillPerson, sourceOf, textOf } from "./placeholders";
import { isNameVariable, missingOf, partsOf } from "./template";

const ana = { name: "Ana", phone: "+5511", email: null, fields: { city: "Recife" } };

it("a person's values take the place of placeholders, fallbacks the place of what is missing", () => {
  expect(fillPerson("Hi {{name|friend}} in {{fields.city}}, {50% off}", ana).text).toBe(
    "Hi Ana in Recife, {50% off}",
  );
  expect(fillPerson("{{email|you}} {{fields.size}}", ana)).toEqual({
    text: "you ",
    missing: ["fields.size"],
  });
});

it("a variable is read as field with fallback and written back the same", () => {
  for (const text of ["{{name|friend}}", "{{fields.city}}", "10%", ""])
    expect(textOf(sourceOf(text))).toBe(text);
  expect(sourceOf("{{name|friend}}")).toEqual({ kind: "field", value: "name", fallback: "friend" });
  expect(sourceOf("Dear {{name}}").kind).toBe("text");
});

it("the template shows values, and samples in brackets where none is given", () => {
  const parts = partsOf(aTemplate(1), { "body.1": "Ana" });
  expect(parts.body).toBe("Hi Ana, your box is ready. Show this to get [10%] off.");
  expect(parts).toMatchObject({
    header: "Lumen Bakery",
    footer: "Reply STOP to end",
    buttons: ["I am coming"],
  });
});

it("values under a bare number count for the body", () => {
  expect(missingOf(aTemplate(1), { "1": "Ana" }).map(({ key }) => key)).toEqual(["body.2"]);
});

it("the word after the greeting is taken for the name, later ones are not", () => {
  const template = aTemplate(1);
  expect(template.variables.map((variable) => isNameVariable(template, variable))).toEqual([true, false]);
});
