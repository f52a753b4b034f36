import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, it } from "vitest";
import { expectAccessible } from "@/shared/testing/axe";
import { MEMBER_PERMISSIONS } from "@/shared/testing/data";
import { renderPage } from "@/shared/testing/render";
import { mockServer, server } from "@/shared/testing/server";
import { ChannelsPage } from "./pages/channels-page";
import { ConnectPage } from "./pages/connect-page";

mockServer();

async function fill(token: string) {
  await userEvent.type(await screen.findByLabelText("WhatsApp Business account ID"), "200000000000009");
  await userEvent.type(screen.getByLabelText("Phone number ID"), "106540352242999");
  await userEvent.type(screen.getByLabelText("Permanent access token"), token);
}

it("wrong credentials show Meta's reason in plain words, and nothing can be saved", async () => {
  renderPage(<ConnectPage />);
  await fill("bad");
  await userEvent.click(screen.getByRole("button", { name: "Check with Meta" }));
  expect(await screen.findByText(/expired or was withdrawn/)).toBeInTheDocument();
  expect(screen.getByText(/META_190/)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Connect this number" })).not.toBeInTheDocument();
});

it("a wrong app secret is told at its own field, and nothing can be saved", async () => {
  const message = "This is not the secret of the token's app.";
  const body = { error: true, code: "CHANNEL_SECRET", message, request_id: "r-1" };
  server.use(
    http.post("*/api/console/channels/check", () =>
      HttpResponse.json({ ...body, details: [{ field: "app_secret", message }] }, { status: 400 }),
    ),
  );
  renderPage(<ConnectPage />);
  await fill("good");
  const secret = screen.getByLabelText(/^App secret/);
  await userEvent.type(secret, "0123456789abcdef");
  await userEvent.click(screen.getByRole("button", { name: "Check with Meta" }));
  await waitFor(() => expect(secret).toBeInvalid());
  expect(secret).toHaveAccessibleDescription(expect.stringContaining(message));
  expect(screen.queryByRole("button", { name: "Connect this number" })).not.toBeInTheDocument();
});

it("connects only what was checked: a changed token must be checked again", async () => {
  renderPage(<ConnectPage />);
  await fill("good");
  await userEvent.click(screen.getByRole("button", { name: "Check with Meta" }));
  expect(await screen.findByRole("button", { name: "Connect this number" })).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText("Permanent access token"), "x");
  expect(screen.getByRole("button", { name: "Check with Meta" })).toBeInTheDocument();
});

it("after connecting it gives the webhook to copy and waits for the first message", async () => {
  renderPage(<ConnectPage />);
  await fill("good");
  await userEvent.click(screen.getByRole("button", { name: "Check with Meta" }));
  await userEvent.click(await screen.findByRole("button", { name: "Connect this number" }));
  expect(await screen.findByLabelText("Callback address")).toHaveValue(
    "https://desk.lumen.example/api/webhooks/whatsapp",
  );
  expect(screen.getByText(/Waiting for the first message/)).toBeInTheDocument();
});

it("ids with letters are refused before anything is sent", async () => {
  renderPage(<ConnectPage />);
  await userEvent.type(await screen.findByLabelText("WhatsApp Business account ID"), "abc");
  await userEvent.tab();
  expect(await screen.findByText("This is a row of digits, without spaces.")).toBeInTheDocument();
});

it("a member sees names and states, but no secrets and no actions", async () => {
  const { container } = renderPage(<ChannelsPage />, {
    session: { role: "member", permissions: MEMBER_PERMISSIONS },
  });
  expect(await screen.findByRole("heading", { name: "Lumen 2" })).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Connect a channel" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Actions for/ })).not.toBeInTheDocument();
  await expectAccessible(container);
});

it("no channel yet: says what to do", async () => {
  server.use(http.get("*/api/console/channels", () => HttpResponse.json({ data: [], next_cursor: null })));
  renderPage(<ChannelsPage />);
  expect(await screen.findByText("No number connected yet")).toBeInTheDocument();
});

it("a failed list can be asked for again", async () => {
  server.use(
    http.get("*/api/console/channels", () => new HttpResponse(null, { status: 503 }), { once: true }),
  );
  renderPage(<ChannelsPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "Lumen 2" })).toBeInTheDocument();
});

it("disconnecting needs the name written", async () => {
  renderPage(<ChannelsPage />);
  await userEvent.click(await screen.findByRole("button", { name: "Actions for Lumen 2" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Disconnect" }));
  const confirm = await screen.findByRole("button", { name: "Disconnect" });
  expect(confirm).toHaveAttribute("aria-disabled", "true");
  await userEvent.type(screen.getByRole("textbox"), "Lumen 2");
  expect(confirm).not.toHaveAttribute("aria-disabled");
});
