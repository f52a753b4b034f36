import { Inbox, stranger } from "./fixtures/inbox";
import { expect, test } from "./fixtures/test";

type Row = {
  id: string;
  contact: { name: string; phone: string; opted_out: boolean };
  window: { open: boolean };
};

test("outside the 24 hours the composer folds, and a template goes out instead", async ({ desk, shop }) => {
  const inbox = new Inbox(desk);
  const answer = await desk.request.get(`${shop.url}/api/console/conversations?status=open&limit=200`);
  const { data }: { data: Row[] } = await answer.json();
  const closed = data.find((row) => row.contact.name && !row.window.open && !row.contact.opted_out);
  expect(closed, "the shop has a conversation with a closed window").toBeDefined();
  if (!closed) return;

  await desk.goto(`${shop.url}/app/inbox/${closed.id}`);
  await inbox.isOpen(closed.contact.name);
  await expect(desk.getByText("WhatsApp allows free replies for 24 hours")).toBeVisible();
  await expect(inbox.reply).toHaveCount(0);

  const before = (await shop.simulator.sends()).length;
  await desk.getByRole("button", { name: "Choose a template" }).click();
  const dialog = desk.getByRole("dialog", { name: "Send a template" });
  await dialog.locator("label").filter({ hasText: "order_update" }).filter({ hasText: "en_US" }).click();
  await expect(dialog.getByRole("textbox", { name: "Text, 1" })).toHaveValue(closed.contact.name);
  await dialog.getByRole("textbox", { name: "Text, 2" }).fill("#10482");
  await dialog.getByRole("button", { name: "Send" }).click();
  await expect(dialog).toBeHidden();
  await expect(inbox.thread.getByText("your order #10482 is on its way")).toBeVisible();

  const since = async () => (await shop.simulator.sends()).slice(before);
  await expect.poll(since).toHaveLength(1);
  expect(await since()).toMatchObject([
    { to: closed.contact.phone, type: "template", template: "order_update" },
  ]);
  await expect(inbox.thread.locator("[data-index]").last().locator("[data-status]")).toHaveAttribute(
    "data-status",
    /^(delivered|read)$/,
  );
});

test("the server dies and comes back: the console catches up by itself, and nothing is doubled", async ({
  desk,
  shop,
  complaints,
}) => {
  // The browser reports every request that meets no server.
  complaints.excuse(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET|WebSocket/);
  const inbox = new Inbox(desk);
  const { phone, name } = stranger("Renata Outage");
  await shop.simulator.writes(phone, name, "Are you there?");
  await inbox.open(name);
  await expect(inbox.said("Are you there?")).toBeVisible();
  await desk.evaluate(() => Object.assign(window, { sameDocument: true }));

  await shop.kill();
  await inbox.reply.fill("Yes, even now.");
  await inbox.reply.press("Enter");
  await expect(inbox.said("Yes, even now.")).toBeVisible();
  await shop.comeBack();
  await shop.simulator.writes(phone, name, "Good to hear!");

  await expect(inbox.said("Good to hear!")).toHaveCount(1, { timeout: 30_000 });
  await expect(inbox.mark("Yes, even now.", "delivered", "read")).toHaveCount(1, { timeout: 30_000 });
  for (const text of ["Are you there?", "Yes, even now.", "Good to hear!"])
    await expect(inbox.said(text)).toHaveCount(1);
  await expect(inbox.row(name)).toHaveCount(1);
  expect(await desk.evaluate(() => "sameDocument" in window), "the page was not loaded anew").toBe(true);
  const sent = (await shop.simulator.sends()).filter((each) => each.text === "Yes, even now.");
  expect(sent).toHaveLength(1);
});

test("with the keyboard alone: next, open, reply, send", async ({ desk, shop }) => {
  const inbox = new Inbox(desk);
  const first = stranger("Keyboard First");
  const second = stranger("Keyboard Second");
  await shop.simulator.writes(second.phone, second.name, "second in the list");
  await expect(inbox.row(second.name)).toBeVisible();
  await shop.simulator.writes(first.phone, first.name, "first in the list");
  await expect(inbox.list.getByRole("link").first()).toContainText(first.name);

  await desk.keyboard.press("j");
  await inbox.isOpen(first.name);
  await desk.keyboard.press("j");
  await inbox.isOpen(second.name);
  await desk.keyboard.press("k");
  await inbox.isOpen(first.name);
  await desk.keyboard.press("Escape");
  await expect(desk.getByText("Choose a conversation")).toBeVisible();

  await desk.keyboard.press("/");
  await desk.keyboard.press("Tab");
  for (let tries = 0; tries < 10; tries += 1) {
    if (
      await inbox.list
        .getByRole("link")
        .first()
        .evaluate((link) => link === document.activeElement)
    )
      break;
    await desk.keyboard.press("Tab");
  }
  await desk.keyboard.press("Enter");
  await inbox.isOpen(first.name);
  await desk.keyboard.press("r");
  await expect(inbox.reply).toBeFocused();
  await desk.keyboard.type("Written without a mouse.");
  await desk.keyboard.press("Enter");
  await expect(inbox.said("Written without a mouse.")).toHaveCount(1);
  await expect(inbox.mark("Written without a mouse.", "delivered", "read")).toHaveCount(1);
  await expect(inbox.reply).toBeFocused();
});

test("a draft is still there after a reload", async ({ desk, shop }) => {
  const inbox = new Inbox(desk);
  const { phone, name } = stranger("Dora Draft");
  await shop.simulator.writes(phone, name, "Do you ship to Recife?");
  await inbox.open(name);
  await inbox.reply.fill("Yes, within three ");
  await desk.reload();
  await inbox.isOpen(name);
  await expect(inbox.reply).toHaveValue("Yes, within three ");
  await desk.keyboard.press("Escape");
  await expect(inbox.row(name)).toContainText("Draft");
});

test("a note stays inside, and a conversation is resolved and opened again", async ({ desk, shop }) => {
  const inbox = new Inbox(desk);
  const { phone, name } = stranger("Nora Note");
  await shop.simulator.writes(phone, name, "My box arrived open.");
  await inbox.open(name);
  await desk.getByRole("tab", { name: "Note" }).click();
  await inbox.note.fill("Refund agreed with Bia.");
  await inbox.note.press("Enter");
  await expect(inbox.said("Refund agreed with Bia.")).toHaveCount(1);
  expect(JSON.stringify(await shop.simulator.sends())).not.toContain("Refund agreed");

  await desk.getByRole("button", { name: "Resolve" }).click();
  await expect(desk.getByRole("button", { name: "Reopen" })).toBeVisible();
  await desk.getByRole("tab", { name: "Resolved" }).click();
  await expect(inbox.row(name)).toBeVisible();
  await desk.getByRole("button", { name: "Reopen" }).click();
  await expect(desk.getByRole("button", { name: "Resolve" })).toBeVisible();
  await desk.getByRole("tab", { name: "Open" }).click();
  await expect(inbox.row(name)).toBeVisible();
  await desk.reload();
  await expect(inbox.said("Refund agreed with Bia.")).toHaveCount(1);
});
