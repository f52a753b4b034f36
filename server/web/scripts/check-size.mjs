// Weighs the built console against its budgets (gzip): the entry with all it loads at once, every
// lazy route with its own chunks, and the styles. Run after `npm run build`.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/console/", import.meta.url);
const BUDGET = { entry: 150_000, route: 60_000, styles: 20_000 };
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));
const sizes = new Map();

function weigh(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, DIST))).length);
  return sizes.get(file);
}

/** All chunks that `key` loads at once. */
function closure(key, seen = new Set()) {
  if (seen.has(key) || !manifest[key]) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

const entryKey = Object.keys(manifest).find((key) => manifest[key].isEntry);
const entry = closure(entryKey);
const SHELL = "routes/app.tsx?tsr-split=component";
const shell = closure(SHELL);
const total = (keys) => [...keys].reduce((sum, key) => sum + weigh(manifest[key].file), 0);
const rows = [["entry", total(entry), BUDGET.entry]];
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry || !/^(routes|features)\//.test(key)) continue;
  // Pages inside the shell come after it: what the shell brought is there already.
  const before = /routes\/app\.|features\//.test(key) && key !== SHELL ? shell : new Set();
  const own = [...closure(key)].filter((part) => !entry.has(part) && !before.has(part));
  rows.push([key, total(own), BUDGET.route]);
}
const css = new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []));
rows.push(["styles", [...css].reduce((sum, file) => sum + weigh(file), 0), BUDGET.styles]);

let over = 0;
for (const [name, size, limit] of rows.sort((a, b) => b[1] - a[1])) {
  if (size > limit) over += 1;
  console.log(
    `${size > limit ? "OVER " : "     "}${(size / 1000).toFixed(1).padStart(7)} kB of ${limit / 1000}  ${name}`,
  );
}
if (over > 0) process.exit(1);
