// Keeps the parts of the console apart: a feature imports only kit, shared and itself; the kit imports
// nothing of ours; shared imports only shared (and the kit's `cn`-free types are not needed there);
// no barrel files, no physical left/right classes, no file over 250 lines.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../console", import.meta.url));
const MAX_LINES = 250;
const PHYSICAL =
  /(?<![\w-])-?(?:left|right)-(?:\[|\d|auto|px|full)|(?<![\w-])-?(?:ml|mr|pl|pr|rounded-[lr]|rounded-[tb][lr]|border-[lr]|text-left|text-right|float-left|float-right|scroll-m[lr]|scroll-p[lr])-?(?:\[|\d|auto|px|full|sm|md|lg|xl|2xl|(?=[\s"'`]))/;
const problems = [];

function walk(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return walk(path);
    return /\.(ts|tsx)$/.test(name) ? [path] : [];
  });
}

/** The part of the console that a file belongs to: kit, shared, routes, features/<noun> or app. */
function partOf(path) {
  const [first, second] = relative(ROOT, path).split("/");
  if (first === "features") return `features/${second}`;
  return ["kit", "shared", "routes"].includes(first) ? first : "app";
}

function allowed(from, to, path) {
  if (from === to) return true;
  if (from === "kit") return false;
  if (from === "shared") return to === "kit";
  if (from.startsWith("features/")) return to === "kit" || to === "shared";
  if (from === "routes") return to !== "app" || /providers|live/.test(path);
  return true;
}

for (const path of walk(ROOT)) {
  const name = relative(ROOT, path);
  if (/\.gen\.ts$/.test(name)) continue;
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n");
  if (lines.length > MAX_LINES + 1) problems.push(`${name}: ${lines.length} lines, at most ${MAX_LINES}`);
  if (/^index\.tsx?$/.test(name.split("/").pop()) && !name.startsWith("routes/")) {
    problems.push(`${name}: no barrel files; import the file that holds the thing`);
  }
  if (/^\s*export \* from/m.test(text)) problems.push(`${name}: no re-exporting of whole files`);
  for (const [, target] of text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
    const own = target.startsWith("@/")
      ? join(ROOT, target.slice(2))
      : target.startsWith(".")
        ? resolve(dirname(path), target)
        : null;
    if (!own?.startsWith(ROOT)) continue;
    const [from, to] = [partOf(path), partOf(own)];
    if (!allowed(from, to, target)) problems.push(`${name}: ${from} may not import ${target} (${to})`);
  }
  if (name.endsWith(".tsx") && !name.endsWith(".test.tsx")) {
    lines.forEach((line, index) => {
      const classes = [...line.matchAll(/"([^"]*)"|'([^']*)'|`([^`]*)`/g)].map((m) => m[1] ?? m[2] ?? m[3]);
      for (const value of classes) {
        const hit = value.includes(" ") || value.includes("-") ? PHYSICAL.exec(value) : null;
        if (hit) problems.push(`${name}:${index + 1}: physical class "${hit[0]}"; use start/end`);
      }
    });
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log("borders hold");
