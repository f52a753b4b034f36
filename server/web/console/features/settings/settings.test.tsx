import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { expectAccessible } from "@/shared/testing/axe";
import { renderPage } from "@/shared/testing/render";
import { mockServer } from "@/shared/testing/server";
import { ApiKeysSection } from "./parts/api-keys-section";
import { ProfileSection } from "./parts/profile-section";
import { QuickRepliesSection } from "./parts/quick-replies-section";

mockServer();

it("a new key's secret is shown once and gone when the dialog closes", async () => {
  const { client } = renderPage(<ApiKeysSection />);
  await userEvent.click(await screen.findByRole("button", { name: "New API key" }));
  await userEvent.type(screen.getByLabelText("Name"), "Shop");
  await userEvent.click(screen.getByRole("button", { name: "Create key" }));
  expect(await screen.findByLabelText("API key")).toHaveValue("wak_1a2b3c4d_shown_once");
  await userEvent.click(screen.getByRole("button", { name: "I have copied it" }));
  await waitFor(() => expect(screen.queryByLabelText("API key")).not.toBeInTheDocument());
  const kept = JSON.stringify(
    client
      .getQueryCache()
      .getAll()
      .map((query) => query.state.data),
  );
  expect(kept).not.toContain("shown_once");
});

it("a key without any right is refused in words", async () => {
  renderPage(<ApiKeysSection />);
  await userEvent.click(await screen.findByRole("button", { name: "New API key" }));
  for (const box of screen.getAllByRole("checkbox")) await userEvent.click(box);
  await userEvent.type(screen.getByLabelText("Name"), "Shop");
  await userEvent.click(screen.getByRole("button", { name: "Create key" }));
  expect(await screen.findByText("Choose at least one thing that the key may do.")).toBeInTheDocument();
});

it("a shortcut that is taken is refused before sending", async () => {
  renderPage(<QuickRepliesSection />);
  await userEvent.click(await screen.findByRole("button", { name: "New quick reply" }));
  await userEvent.type(screen.getByLabelText("Shortcut"), "hours");
  await userEvent.tab();
  expect(await screen.findByText("Another quick reply has this shortcut.")).toBeInTheDocument();
});

it("those who may only reply read quick replies and change none", async () => {
  const { container } = renderPage(<QuickRepliesSection />, { session: { permissions: ["inbox.reply"] } });
  expect(await screen.findByText("Opening hours")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "New quick reply" })).not.toBeInTheDocument();
  await expectAccessible(container);
});

it("the save bar of the profile appears with a change, and the server's remark stands at its field", async () => {
  const { container } = renderPage(<ProfileSection />);
  const name = await screen.findByLabelText("Name");
  expect(screen.queryByRole("button", { name: "Save" })).not.toBeInTheDocument();
  await userEvent.type(name, " Souza");
  expect(screen.getByRole("button", { name: "Save" })).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText("Present password"), "wrong");
  await userEvent.type(screen.getByLabelText("New password"), "a long sentence to keep");
  await userEvent.click(screen.getByRole("button", { name: "Change password" }));
  expect(await screen.findAllByText("The present password is not right.")).not.toHaveLength(0);
  expect(screen.getByLabelText("Present password")).toBeInvalid();
  await expectAccessible(container);
});
