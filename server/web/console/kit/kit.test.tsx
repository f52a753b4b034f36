import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { initialsOf, WindowAvatar } from "./avatar";
import { Button } from "./button";
import { Field } from "./field";
import { Input } from "./input";
import { ringState } from "./window-ring";

const HOUR = 3_600_000;

it("the ring is red under two hours, amber under six, green above, and closed at zero", () => {
  expect([null, 0, HOUR, 2 * HOUR, 5 * HOUR, 6 * HOUR].map(ringState)).toEqual([
    "closed",
    "closed",
    "closing",
    "soon",
    "soon",
    "open",
  ]);
});

it("the ring says in words what it draws", () => {
  render(<WindowAvatar id="con_1" name="Ana Lopes" leftMs={HOUR} windowText="1 h 0 min left" />);
  expect(screen.getByText("1 h 0 min left")).toBeInTheDocument();
});

it("initials come from letters only, whole for scripts with combined letters", () => {
  expect(initialsOf("Ana Beatriz Lopes")).toBe("AB");
  expect(initialsOf("+55 11 98123")).toBe("");
  expect(initialsOf("अनन्या शर्मा")).toBe("अश");
  expect(initialsOf("سارة العتيبي")).toBe("سا");
});

it("a button with a reason keeps its focus, does nothing and says why", async () => {
  const onClick = vi.fn();
  render(
    <Button reason="You may not send" onClick={onClick}>
      Send
    </Button>,
  );
  await userEvent.tab();
  expect(screen.getByRole("button", { name: "Send" })).toHaveFocus();
  await userEvent.keyboard("{Enter}");
  expect(onClick).not.toHaveBeenCalled();
  expect(await screen.findAllByText("You may not send")).not.toHaveLength(0);
});

it("a field ties label, help and error to its control", () => {
  render(
    <Field label="Name" help="As customers see it" error="Missing">
      <Input />
    </Field>,
  );
  const input = screen.getByRole("textbox", { name: "Name" });
  expect(input).toBeInvalid();
  expect(input).toHaveAccessibleDescription("As customers see it Missing");
});
