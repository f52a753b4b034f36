import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setLetters, startShortcuts, useShortcut } from "./shortcuts";

let stop: () => void;
beforeEach(() => {
  stop = startShortcuts();
});
afterEach(() => {
  stop();
  setLetters(true);
});

function Page({ keys, run }: { keys: string; run: () => void }) {
  useShortcut(keys, { label: "Do it", group: "Here" }, run);
  return <input aria-label="text" />;
}

it("a single letter works on the page and not while typing", async () => {
  const run = vi.fn();
  const { getByLabelText } = render(<Page keys="e" run={run} />);
  await userEvent.keyboard("e");
  await userEvent.click(getByLabelText("text"));
  await userEvent.keyboard("e");
  expect(run).toHaveBeenCalledTimes(1);
});

it("a sequence needs both keys in their order", async () => {
  const run = vi.fn();
  render(<Page keys="g i" run={run} />);
  await userEvent.keyboard("i");
  await userEvent.keyboard("g");
  await userEvent.keyboard("x");
  await userEvent.keyboard("i");
  expect(run).not.toHaveBeenCalled();
  await userEvent.keyboard("gi");
  expect(run).toHaveBeenCalledTimes(1);
});

it("letters can be switched off; keys with Ctrl or ⌘ stay, also in text fields", async () => {
  const run = vi.fn();
  const letter = vi.fn();
  const { getAllByLabelText } = render(
    <>
      <Page keys="mod+k" run={run} />
      <Page keys="e" run={letter} />
    </>,
  );
  setLetters(false);
  await userEvent.keyboard("e");
  for (const field of getAllByLabelText("text").slice(0, 1)) await userEvent.click(field);
  await userEvent.keyboard("{Control>}k{/Control}");
  expect(letter).not.toHaveBeenCalled();
  expect(run).toHaveBeenCalledTimes(1);
});
