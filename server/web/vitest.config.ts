import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": here("./console") } },
  test: {
    environment: "jsdom",
    environmentOptions: { jsdom: { url: "http://localhost:3000/" } },
    include: ["console/**/*.test.{ts,tsx}"],
    setupFiles: ["console/shared/testing/setup.ts"],
    restoreMocks: true,
    maxWorkers: 2,
    // Two cores shared with compilers: a test is slow there long before it is wrong.
    testTimeout: 30_000,
  },
});
