import axe from "axe-core";
import { expect } from "vitest";

/**
 * No accessibility finding that can be seen without layout. Colours and landmarks are checked in the browser:
 * here nothing is hidden by width, so the bars of wide screens and of phones are both in the page.
 */
export async function expectAccessible(element: Element): Promise<void> {
  const { violations } = await axe.run(element, {
    rules: {
      "color-contrast": { enabled: false },
      region: { enabled: false },
      "landmark-unique": { enabled: false },
    },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}
