import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { mockApi } from "./vite.mock";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const api = process.env.CONSOLE_API ?? "http://127.0.0.1:5000";

export default defineConfig({
  root: here("./console"),
  publicDir: here("./public"),
  plugins: [
    tanstackRouter({
      target: "react",
      autoCodeSplitting: true,
      routesDirectory: here("./console/routes"),
      generatedRouteTree: here("./console/routeTree.gen.ts"),
      quoteStyle: "double",
      semicolons: true,
    }),
    react(),
    tailwindcss(),
    ...(process.env.CONSOLE_MOCK ? [mockApi()] : []),
  ],
  resolve: { alias: { "@": here("./console") } },
  build: {
    outDir: here("./dist/console"),
    emptyOutDir: true,
    manifest: true,
    // Inlined fonts and images would be `data:` addresses, which the strict policy refuses.
    assetsInlineLimit: 0,
    target: "es2022",
    sourcemap: false,
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: process.env.CONSOLE_MOCK ? {} : { "/api": api, "/socket.io": { target: api, ws: true } },
  },
});
