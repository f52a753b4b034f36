import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { BrowserContext, Page } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { stranger } from "./fixtures/inbox";
import { Program, SERVER_BIN, scratch } from "./fixtures/process";
import type { Shop } from "./fixtures/shop";
import { expect, test } from "./fixtures/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const LOOKS = [
  { look: "light", use: { locale: "en-US", colorScheme: "light" } },
  { look: "dark", use: { locale: "en-US", colorScheme: "dark" } },
  { look: "Arabic", use: { locale: "ar", colorScheme: "light" } },
] as const;
const PHONES = [
  { width: 390, height: 844 },
  { width: 320, height: 640 },
];

type Place = { name: string; path: string; before?: (page: Page) => Promise<void> };

/** Every page of somebody who is signed in, and where it stands. */
async function places(shop: Shop, context: BrowserContext): Promise<Place[]> {
  const get = async (path: string) => (await context.request.get(`${shop.url}/api/console${path}`)).json();
  const conversations: { data: { id: string; window: { open: boolean } }[] } = await get(
    "/conversations?status=open&limit=200",
  );
  const id = (open: boolean) => conversations.data.find((row) => row.window.open === open)?.id;
  const contacts: { data: { id: string }[] } = await get("/contacts?limit=1");
  return [
    { name: "inbox", path: "/app/inbox" },
    { name: "conversation", path: `/app/inbox/${id(true)}` },
    { name: "conversation with a closed window", path: `/app/inbox/${id(false)}` },
    { name: "contacts", path: "/app/contacts" },
    { name: "contact", path: `/app/contacts?contact=${contacts.data[0]?.id}` },
    { name: "campaigns", path: "/app/campaigns" },
    { name: "wizard, message", path: "/app/campaigns/new" },
    { name: "wizard, audience", path: "/app/campaigns/new?step=audience" },
    { name: "wizard, check", path: "/app/campaigns/new?step=check" },
    { name: "campaign", path: `/app/campaigns/${await sentCampaign(shop, context)}` },
    { name: "channels", path: "/app/channels" },
    { name: "connect", path: "/app/channels/connect" },
    { name: "profile", path: "/app/settings/profile" },
    { name: "quick replies", path: "/app/settings/quick-replies" },
    { name: "API keys", path: "/app/settings/api-keys" },
    { name: "unknown page", path: "/app/nothing-here" },
  ];
}

/** A small campaign to two strangers, so that its page has something to show. */
async function sentCampaign(shop: Shop, context: BrowserContext): Promise<string> {
  const headers = { "X-CSRF": "1", origin: shop.url };
  const known: { data: { id: string }[] } = await (
    await context.request.get(`${shop.url}/api/console/campaigns`)
  ).json();
  if (known.data[0]) return known.data[0].id;
  const templates: { data: { id: string; name: string }[] } = await (
    await context.request.get(`${shop.url}/api/console/templates?status=approved&search=store_hours`)
  ).json();
  const phones = [stranger("").phone, stranger("").phone];
  const made = await context.request.post(`${shop.url}/api/console/campaigns`, {
    headers: { ...headers, "Idempotency-Key": crypto.randomUUID() },
    data: {
      name: "Opening hours",
      template_id: templates.data[0]?.id,
      audience: { group_ids: [], contact_ids: [], phones, tags: [] },
      variables: {},
    },
  });
  expect(made.ok(), await made.text()).toBe(true);
  const { id } = await made.json();
  const started = await context.request.post(`${shop.url}/api/console/campaigns/${id}/start`, {
    headers: { ...headers, "Idempotency-Key": crypto.randomUUID() },
    data: {},
  });
  expect(started.ok(), await started.text()).toBe(true);
  return id;
}

/** Nothing loads any more: no skeleton, no bar, fonts there. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator("main, [role=main], form").first()).toBeVisible();
  await expect(page.locator("[role=status][aria-label]:has(.animate-pulse), .animate-pulse")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** What axe found, short enough to be read in a failure. */
async function findings(page: Page): Promise<string[]> {
  // Evaluated from outside the page, so that the strict content policy stays as it is.
  await page.evaluate(AXE);
  const result = await page.evaluate(
    (tags) =>
      (
        window as unknown as { axe: { run: (root: Document, options: object) => Promise<AxeResults> } }
      ).axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }),
    RULES,
  );
  return result.violations.flatMap((rule) =>
    rule.nodes.map(
      (node) => `${rule.id}: ${node.target.join(" ")} – ${node.failureSummary?.split("\n")[1]?.trim()}`,
    ),
  );
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const { look, use } of LOOKS) {
  test.describe(look, () => {
    test.use(use);

    test("every page keeps WCAG 2.2 AA", async ({ desk, shop, context }) => {
      for (const place of await places(shop, context))
        await test.step(place.name, async () => {
          await desk.goto(shop.url + place.path);
          await settled(desk);
          expect.soft(await findings(desk), place.name).toEqual([]);
        });
    });

    test("no page is wider than a phone", async ({ desk, shop, context }) => {
      const all = await places(shop, context);
      for (const size of PHONES) {
        await desk.setViewportSize(size);
        for (const place of all)
          await test.step(`${place.name}, ${size.width}`, async () => {
            await desk.goto(shop.url + place.path);
            await settled(desk);
            expect.soft(await overflow(desk), `${place.name} at ${size.width}`).toBe(0);
            if (size === PHONES[0])
              expect.soft(await findings(desk), `${place.name} at ${size.width}`).toEqual([]);
          });
      }
    });

    test("before the sign-in: login and the first run", async ({ page, shop }) => {
      const folder = scratch("first-run");
      const empty = await Program.start(SERVER_BIN, ["serve"], (line) => line.includes("/setup?token="), {
        NODE_ENV: "development",
        PORT: "0",
        DATA_DIR: folder.path,
      });
      for (const [name, address] of [
        ["login", `${shop.url}/login`],
        ["setup", empty.ready],
      ] as const) {
        await page.setViewportSize({ width: 1366, height: 768 });
        await page.goto(address);
        await settled(page);
        expect.soft(await findings(page), name).toEqual([]);
        for (const size of PHONES) {
          await page.setViewportSize(size);
          expect.soft(await overflow(page), `${name} at ${size.width}`).toBe(0);
        }
      }
      await page.close();
      await empty.stop();
      folder.remove();
    });
  });
}
