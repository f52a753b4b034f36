import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";
import { setConnected, setLost } from "@/shared/realtime/connection";
import { refuse } from "@/shared/testing/answer";
import { expectAccessible } from "@/shared/testing/axe";
import { aConversation, idOf, MEMBER_PERMISSIONS } from "@/shared/testing/data";
import { renderPage } from "@/shared/testing/render";
import { mockServer, server } from "@/shared/testing/server";
import { withSizes } from "@/shared/testing/sizes";
import { useOutbox } from "./outbox";
// Loaded before the clock of a test runs: the page itself asks for it at the first press.
import "./parts/template-dialog";
import { InboxPage } from "./pages/inbox-page";

mockServer();
withSizes({ view: 450 });
afterEach(() => useOutbox.setState({ owner: null, entries: [] }));

const open = (n: number, session = {}) =>
  renderPage(<InboxPage />, { route: "/app/inbox/$id", path: `/app/inbox/${idOf("cnv", n)}`, session });
const box = () => screen.findByRole("textbox", { name: /Write a reply/ });

describe("the list", () => {
  it("shows conversations with what waits, and has no accessibility finding", async () => {
    const { container } = renderPage(<InboxPage />, { path: "/app/inbox" });
    expect(await screen.findAllByRole("link", { name: /Ana Beatriz Lopes/ })).not.toHaveLength(0);
    expect(screen.getByText("2 unread messages")).toBeInTheDocument();
    await expectAccessible(container);
  });

  it("says so when nothing fits the search, and the search can be cleared", async () => {
    renderPage(<InboxPage />, { path: "/app/inbox" });
    await userEvent.type(await screen.findByRole("searchbox"), "zzz");
    await userEvent.click(await screen.findByRole("button", { name: "Clear search" }));
    expect(await screen.findAllByRole("link", { name: /Ana Beatriz Lopes/ })).not.toHaveLength(0);
  });

  it("goes on searching by itself while pages are short, and does not say that nothing was found", async () => {
    const asked: (string | null)[] = [];
    server.use(
      http.get("*/api/console/conversations", ({ request }) => {
        const { searchParams } = new URL(request.url);
        if (!searchParams.get("search")) return undefined;
        const cursor = searchParams.get("cursor");
        asked.push(cursor);
        const next = { "": "one", one: "two", two: null }[cursor ?? ""];
        const data = cursor === "two" ? [aConversation(0)] : [];
        return HttpResponse.json({ data, next_cursor: next });
      }),
    );
    renderPage(<InboxPage />, { path: "/app/inbox" });
    await screen.findAllByRole("link", { name: /Ana Beatriz Lopes/ });
    await userEvent.type(await screen.findByRole("searchbox"), "a");
    await waitFor(() => expect(asked).toEqual([null, "one", "two"]));
    expect(await screen.findAllByRole("link", { name: /Ana Beatriz Lopes/ })).not.toHaveLength(0);
    expect(screen.queryByRole("button", { name: "Clear search" })).toBeNull();
  });

  it("keeps trying possible when the server does not answer", async () => {
    server.use(http.get("*/api/console/conversations", () => refuse(500, "INTERNAL", "")));
    renderPage(<InboxPage />, { path: "/app/inbox" });
    expect(await screen.findByText(/The server has a problem/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Try again" })).toBeInTheDocument();
  });

  it("explains itself to those without the right, and to those without a number", async () => {
    const { unmount } = renderPage(<InboxPage />, { path: "/app/inbox", session: { permissions: [] } });
    expect(await screen.findByText("You do not have access to Inbox")).toBeInTheDocument();
    unmount();
    server.use(http.get("*/api/console/channels", () => HttpResponse.json({ data: [], next_cursor: null })));
    renderPage(<InboxPage />, { path: "/app/inbox" });
    expect(await screen.findByRole("link", { name: "Connect a channel" })).toBeInTheDocument();
  });
});

describe("the thread", () => {
  it("shows every kind of message without an accessibility finding", async () => {
    const { container } = open(1);
    const log = await screen.findByRole("log");
    expect(await within(log).findByText("See you on Saturday!")).toBeInTheDocument();
    expect(within(log).getAllByRole("button", { name: "Resend" })).toHaveLength(2);
    expect(within(log).getByText(/not on WhatsApp, or its app is too old/)).toBeInTheDocument();
    expect(within(log).getByText(/cannot be shown yet/)).toBeInTheDocument();
    await expectAccessible(container);
  });

  it("sends with Enter: on screen at once, once in the thread, one idempotency key", async () => {
    const keys: (string | null)[] = [];
    server.events.on("request:start", ({ request }) => {
      if (request.method === "POST" && request.url.endsWith("/messages"))
        keys.push(request.headers.get("idempotency-key"));
    });
    open(0);
    await userEvent.type(await box(), "Good morning{Enter}");
    expect(screen.getByText("Good morning")).toBeInTheDocument();
    await waitFor(() => expect(useOutbox.getState().entries).toHaveLength(0));
    expect(screen.getAllByText("Good morning")).toHaveLength(1);
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    server.events.removeAllListeners();
  });

  it("Shift+Enter makes a new line, and Enter belongs to the input method while it composes", async () => {
    open(0);
    const field = await box();
    await userEvent.type(field, "a{Shift>}{Enter}{/Shift}b");
    expect(field).toHaveValue("a\nb");
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, isComposing: true }));
    expect(field).toHaveValue("a\nb");
  });

  it("keeps what was written while the connection is lost and sends it with the same key on return", async () => {
    const keys: (string | null)[] = [];
    server.use(
      http.post("*/api/console/conversations/:id/messages", ({ request }) => {
        keys.push(request.headers.get("idempotency-key"));
        return keys.length === 1 ? HttpResponse.error() : undefined;
      }),
    );
    setLost(Date.now());
    open(3 + 1);
    await userEvent.type(await box(), "Are you there?{Enter}");
    expect(await screen.findByText("Will be sent when we are back")).toBeInTheDocument();
    setConnected();
    await waitFor(() => expect(useOutbox.getState().entries).toHaveLength(0));
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  it("a refusal says why and the words can be taken back into the box", async () => {
    server.use(
      http.post("*/api/console/conversations/:id/messages", () => refuse(409, "WINDOW_CLOSED", "closed")),
    );
    open(0);
    await userEvent.type(await box(), "Too late{Enter}");
    expect(await screen.findByText(/The reply window is closed/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Edit" }));
    expect(await box()).toHaveValue("Too late");
  });

  it("folds into a card when the window is closed; notes can still be written", async () => {
    open(3);
    expect(await screen.findByRole("button", { name: "Choose a template" })).toBeInTheDocument();
    expect(screen.queryByRole("textbox", { name: /Write a reply/ })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("tab", { name: "Note" }));
    await userEvent.type(screen.getByRole("textbox", { name: /Write a note/ }), "Call her{Enter}");
    expect(await screen.findByText("Internal note · Marina Alves")).toBeInTheDocument();
  });

  it("offers quick replies after a slash and fills them in", async () => {
    open(0);
    const field = await box();
    await waitFor(async () => {
      await userEvent.clear(field);
      await userEvent.type(field, "/ho");
      expect(screen.getByRole("option", { name: /Opening hours/ })).toBeInTheDocument();
    });
    await userEvent.keyboard("{Enter}");
    expect(field).toHaveValue("We are open from 7:00 to 19:00, Monday to Saturday.");
  });

  it("a file that is too large is refused before any upload", async () => {
    open(0);
    const file = new File([new Uint8Array(6_200_000)], "cake.png", { type: "image/png" });
    await box();
    await userEvent.upload(screen.getByLabelText("Attach files", { selector: "input" }), file);
    expect(await screen.findByText(/up to 5 MB. This one has 6.2 MB/)).toBeInTheDocument();
  });

  it("a template asks for its missing values and fills the name in", async () => {
    open(3);
    await userEvent.click(await screen.findByRole("button", { name: "Choose a template" }));
    const dialog = await screen.findByRole("dialog");
    await userEvent.click(await within(dialog).findByRole("radio", { name: /order_ready/ }));
    expect(within(dialog).getByRole("textbox", { name: "Text, 1" })).toHaveValue("Giulia Ferrari");
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Text, 2" }), "20%");
    await expectAccessible(dialog);
    await userEvent.click(within(dialog).getByRole("button", { name: "Send" }));
    expect(await screen.findByText(/Hi Giulia Ferrari, your box is ready/)).toBeInTheDocument();
  });

  it("resolves at once and offers to undo", async () => {
    open(5);
    await userEvent.click(await screen.findByRole("button", { name: "Resolve" }));
    expect(await screen.findByRole("button", { name: "Reopen" })).toBeInTheDocument();
  });

  it("who may not reply reads along", async () => {
    const permissions = MEMBER_PERMISSIONS.filter((each) => each !== "inbox.reply");
    open(0, { permissions: [...permissions, "inbox.view_all"] });
    expect(await screen.findByText("You may read here, but not reply.")).toBeInTheDocument();
  });
});
