import { Program, SERVER_BIN, SIMULATOR_BIN, scratch } from "./fixtures/process";
import type { World } from "./fixtures/simulator";
import { expect, test } from "./fixtures/test";

test("an empty server: one-time link, first account, first number; wrong credentials save nothing", async ({
  page,
  complaints,
}) => {
  // Refused by Meta is an answer of ours with 422, and the browser reports every such answer.
  complaints.excuse(/status of 422 .*\/api\/console\/channels(\/check)?$/);
  const folder = scratch("empty");
  const meta = await Program.start(
    SIMULATOR_BIN,
    ["--json", "--port", "0", "--data", `${folder.path}/meta`],
    (line) => line.startsWith("{"),
  );
  const world: World = JSON.parse(meta.ready);
  const server = await Program.start(SERVER_BIN, ["serve"], (line) => line.includes("/setup?token="), {
    NODE_ENV: "development",
    PORT: "0",
    DATA_DIR: `${folder.path}/data`,
    GRAPH_BASE_URL: world.url,
    META_APP_ID: world.app.id,
    META_APP_SECRET: world.app.secret,
  });
  try {
    await page.goto(server.ready);
    await expect(page.getByRole("heading", { name: "Welcome" })).toBeVisible();
    await expect(page.getByLabel("Setup token")).not.toHaveValue("");
    await page.getByLabel("Business name").fill("Casa Lima");
    await page.getByLabel("Your name").fill("Rosa Lima");
    await page.getByLabel("E-mail").fill("rosa@casa-lima.example");
    await page.getByLabel("Password", { exact: true }).fill("short");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByLabel("Password", { exact: true })).toHaveAttribute("aria-invalid", "true");
    await page.getByLabel("Password", { exact: true }).fill("lemons-on-the-window-sill");
    await page.getByRole("button", { name: "Create account" }).click();

    await expect(page.getByRole("heading", { name: "Connect a channel" })).toBeVisible();
    const [waba] = world.wabas;
    const [number] = waba?.phone_numbers ?? [];
    await page.getByLabel("WhatsApp Business account ID").fill(waba?.id ?? "");
    await page.getByLabel("Phone number ID").fill(number?.id ?? "");
    await page.getByLabel("Permanent access token").fill("not-the-token");
    await page.getByRole("button", { name: "Check with Meta" }).click();
    await expect(page.getByRole("alert")).toContainText(/access|token/i);
    await expect(page.getByRole("button", { name: "Connect this number" })).toHaveCount(0);
    const channels = await page.request.get(new URL("/api/console/channels", server.ready).href);
    expect((await channels.json()).data).toEqual([]);

    await page.getByLabel("Permanent access token").fill(world.access_token);
    await page.getByRole("button", { name: "Check with Meta" }).click();
    await expect(page.getByText("Meta knows this number")).toBeVisible();
    await expect(page.getByText(waba?.name ?? "").first()).toBeVisible();
    await page.getByRole("button", { name: "Connect this number" }).click();
    await expect(page.getByText(/is connected$/)).toBeVisible();
    await page.getByRole("link", { name: "Go to inbox" }).click();
    await expect(page.getByText("All caught up")).toBeVisible();

    // The link worked once.
    await page.goto(server.ready);
    await expect(page.getByText("This server is set up")).toBeVisible();
  } finally {
    await page.close();
    await server.stop();
    await meta.stop();
    folder.remove();
  }
});
