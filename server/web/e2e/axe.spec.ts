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
const DESK = { width: 1366, height: 768 };
const PHONES = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
];

/** `shows` stands only where the page has its content, not while it loads. */
type Place = { name: string; path: string; shows: string };
const AREAS = ["people", "campaigns", "settings"] as const;

/** Every page of somebody who is signed in, and what stands there. */
async function places(shop: Shop, context: BrowserContext, area: (typeof AREAS)[number]): Promise<Place[]> {
  const get = async (path: string) => (await context.request.get(`${shop.url}/api/console${path}`)).json();
  if (area === "settings")
    return [
      { name: "channels", path: "/app/channels", shows: "main dl dt" },
      { name: "connect", path: "/app/channels/connect", shows: "form" },
      { name: "profile", path: "/app/settings/profile", shows: "main input" },
      { name: "quick replies", path: "/app/settings/quick-replies", shows: "main li, main [role=row]" },
      { name: "API keys", path: "/app/settings/api-keys", shows: "main li, main [role=row]" },
      { name: "unknown page", path: "/app/nothing-here", shows: "h1, h2" },
    ];
  if (area === "campaigns")
    return [
      { name: "campaigns", path: "/app/campaigns", shows: "[role=row] [role=cell], tbody tr" },
      { name: "wizard, message", path: "/app/campaigns/new", shows: "input[type=radio]" },
      { name: "wizard, audience", path: "/app/campaigns/new?step=audience", shows: "[role=checkbox]" },
      { name: "wizard, check", path: "/app/campaigns/new?step=check", shows: "dl dt" },
      { name: "campaign", path: `/app/campaigns/${await sentCampaign(shop, context)}`, shows: "figure" },
    ];
  const conversations: { data: { id: string; window: { open: boolean } }[] } = await get(
    "/conversations?status=open&limit=200",
  );
  const id = (open: boolean) => conversations.data.find((row) => row.window.open === open)?.id;
  const contacts: { data: { id: string }[] } = await get("/contacts?limit=1");
  return [
    { name: "inbox", path: "/app/inbox", shows: "[role=list] a" },
    { name: "conversation", path: `/app/inbox/${id(true)}`, shows: "[role=log] [data-index]" },
    { name: "closed window", path: `/app/inbox/${id(false)}`, shows: "[role=log] [data-index]" },
    { name: "contacts", path: "/app/contacts", shows: "[role=row] [role=cell], tbody tr" },
    { name: "contact", path: `/app/contacts?contact=${contacts.data[0]?.id}`, shows: "[role=dialog] dt" },
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

/** The page has its content, nothing loads any more, and its fonts are there. */
async function settled(page: Page, shows: string): Promise<void> {
  await expect(page.locator(shows).first()).toBeVisible();
  await expect(page.locator(".appear-late")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** What axe found, short enough to be read in a failure. */
async function findings(page: Page): Promise<string[]> {
  // Evaluated from outside the page, so that the strict content policy stays as it is.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
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

    for (const area of AREAS)
      test(`${area}: WCAG 2.2 AA on a desk and on a phone, and no page wider than the phone`, async ({
        page,
        shop,
        context,
        signedIn,
      }) => {
        await context.addCookies(signedIn.cookies);
        for (const place of await places(shop, context, area))
          await test.step(place.name, async () => {
            await page.setViewportSize(DESK);
            await page.goto(shop.url + place.path);
            await settled(page, place.shows);
            expect.soft(await findings(page), place.name).toEqual([]);
            for (const size of PHONES) {
              await page.setViewportSize(size);
              await settled(page, place.shows);
              await expect.soft.poll(() => overflow(page), `${place.name} at ${size.width}`).toBe(0);
            }
            expect.soft(await findings(page), `${place.name} on a phone`).toEqual([]);
          });
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
        await page.setViewportSize(DESK);
        await page.goto(address);
        await settled(page, "form");
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
