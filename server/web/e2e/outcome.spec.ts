import type { Page } from "@playwright/test";
import { Inbox, stranger } from "./fixtures/inbox";
import { scratch } from "./fixtures/process";
import { Shop } from "./fixtures/shop";
import { expect, test } from "./fixtures/test";

const GROUP = "Autumn boxes";

test("a customer writes, an agent answers, a campaign goes out once", async ({ context }) => {
  // A shop that nobody has touched: what is counted here is all there is.
  const folder = scratch("outcome");
  const shop = await Shop.open(folder.path);
  const page = await context.newPage();
  const inbox = new Inbox(page);
  const customer = stranger("Ana Souza");

  await test.step("the one sign-in of the demo opens a seeded shop", async () => {
    await page.goto(shop.url);
    await expect(page).toHaveTitle(/Sign in/);
    await page.getByLabel("E-mail").fill(shop.admin.email);
    await page.getByLabel("Password", { exact: true }).fill(shop.admin.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(inbox.list.getByRole("link").first()).toBeVisible();
    await expect(page.getByText("60 conversations")).toBeVisible();
  });

  const phone = await context.newPage();
  await test.step("the customer writes, and it is in the inbox within a second", async () => {
    await phone.goto(shop.simulator.phone(customer.phone, customer.name));
    await phone.getByRole("textbox", { name: "Message" }).fill("Olá! Do you have the autumn box?");
    await expect(phone.getByText(`you are ${customer.name}`)).toBeVisible();
    // Measured in the page, from the moment the row is there: the test's own way to the browser is not the product's.
    const seen = page.evaluate(
      (name) =>
        new Promise<number>((resolve) => {
          const look = () => {
            const links = [...document.querySelectorAll("[role=list] a")];
            if (links.some((link) => link.textContent?.includes(name))) resolve(Date.now());
            else requestAnimationFrame(look);
          };
          look();
        }),
      customer.name,
    );
    const pressed = await phone.evaluate(() => {
      const at = Date.now();
      document.querySelector<HTMLButtonElement>("button[aria-label=Send]")?.click();
      return at;
    });
    const took = (await seen) - pressed;
    test.info().annotations.push({ type: "from the phone to the inbox", description: `${took} ms` });
    expect(took).toBeLessThan(1000);
    await inbox.open(customer.name);
    await expect(inbox.said("Olá! Do you have the autumn box?")).toHaveCount(1);
  });

  await test.step("the agent answers, and the ticks turn to delivered and read", async () => {
    const answer = "We do, and it is 10% off this week.";
    const states = page.evaluate(
      (text) =>
        new Promise<string[]>((resolve) => {
          const seen: string[] = [];
          const look = () => {
            const row = [...document.querySelectorAll("[role=log] [data-index]")].find((each) =>
              each.textContent?.includes(text),
            );
            const state = row?.querySelector("[data-status]")?.getAttribute("data-status");
            if (state && seen.at(-1) !== state) seen.push(state);
            if (state === "read" || state === "failed") resolve(seen);
            else requestAnimationFrame(look);
          };
          look();
        }),
      answer,
    );
    await inbox.reply.fill(answer);
    await inbox.reply.press("Enter");
    await expect(phone.getByText(answer)).toBeVisible();
    const seen = await states;
    expect(seen).toContain("delivered");
    expect(seen.at(-1)).toBe("read");
    await expect(inbox.said(answer)).toHaveCount(1);
    await phone.close();
  });

  const before = (await shop.simulator.sends()).length;
  await test.step("an approved template goes to the group of 200", async () => {
    await page.getByRole("link", { name: "Campaigns" }).first().click();
    await page
      .getByRole("button", { name: "New campaign" })
      .or(page.getByRole("link", { name: "New campaign" }))
      .first()
      .click();
    await page.locator("label").filter({ hasText: "autumn_offer" }).click();
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Autumn week");
    await page.getByRole("textbox", { name: "Text, 2: text" }).fill("10%");
    await page.getByRole("button", { name: "Continue to audience" }).click();
    await page.getByRole("checkbox", { name: GROUP }).click();
    await expect(page.getByText("Will receive it")).toBeVisible();
    await page.getByRole("button", { name: "Continue to check" }).click();
    await page.getByRole("button", { name: "Send to 200 people" }).click();
  });

  await test.step("the counts fill to exactly 200 delivered", async () => {
    await expect(page).toHaveURL(/\/app\/campaigns\/camp_/);
    const count = (name: string) =>
      page
        .locator("dl > div")
        .filter({ has: page.getByText(name, { exact: true }) })
        .getByRole("definition");
    await expect(count("Delivered")).toHaveText("200", { timeout: 45_000 });
    await expect(count("Sent")).toHaveText("200");
    for (const name of ["Waiting", "Failed", "Skipped", "Unknown", "Unconfirmed"])
      await expect(count(name)).toHaveText("0");
    await expect(page.getByText("Completed").first()).toBeVisible();
  });

  await test.step("and Meta has accepted exactly one message for each of the 200", async () => {
    const members = await numbersOf(page, shop.url, GROUP);
    const sent = (await shop.simulator.sends()).slice(before);
    expect(members).toHaveLength(200);
    expect(sent.map((each) => each.to).sort()).toEqual(members.sort());
    expect(sent.every((each) => each.template === "autumn_offer")).toBe(true);
  });
  await context.close();
  await shop.close();
  folder.remove();
});

/** The numbers of everybody in a group. */
async function numbersOf(page: Page, url: string, name: string): Promise<string[]> {
  const get = async (path: string) => (await page.request.get(`${url}/api/console${path}`)).json();
  const groups: { data: { id: string; name: string }[] } = await get("/groups");
  const group = groups.data.find((each) => each.name === name);
  const contacts: { data: { phone: string }[] } = await get(`/contacts?limit=200&group_id=${group?.id}`);
  return contacts.data.map((contact) => contact.phone);
}
