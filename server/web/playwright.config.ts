import { defineConfig } from "@playwright/test";

// Two servers and two browsers on two cores: a test is slow here long before it is wrong.
export default defineConfig({
  testDir: "./e2e",
  outputDir: "./test-results",
  workers: 2,
  fullyParallel: true,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  retries: 0,
  reporter: "list",
  globalSetup: "./e2e/fixtures/needs.ts",
  use: {
    browserName: "chromium",
    viewport: { width: 1366, height: 768 },
    locale: "en-US",
    timezoneId: "America/Sao_Paulo",
    colorScheme: "light",
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: { executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium" },
  },
});
