// Proves that the eight catalogues are complete and used: every language has exactly the keys of
// en.json (with its own plural forms and the same placeholders), every key used in the sources
// exists, no key is unused, and no visible text stands untranslated in a component.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const LOCALES = fileURLToPath(new URL("../locales", import.meta.url));
const SOURCES = fileURLToPath(new URL("../console", import.meta.url));
const LANGUAGES = ["en", "es", "pt-BR", "fr", "de", "hi", "ar", "id"];
const PLURAL = /_(zero|one|two|few|many|other)$/;
const problems = [];

const flatten = (node, prefix = "") =>
  Object.entries(node).flatMap(([key, value]) =>
    typeof value === "string" ? [[prefix + key, value]] : flatten(value, `${prefix}${key}.`),
  );
const placeholders = (text) =>
  [...text.matchAll(/\{\{\s*([\w.]+)[^}]*\}\}|<\/?(\w+)>/g)].map((m) => m[0]).sort();

/** Keys of a language grouped by their base: plain ones and plural sets. */
function load(language) {
  const keys = new Map();
  for (const [key, text] of flatten(JSON.parse(readFileSync(join(LOCALES, `${language}.json`), "utf8")))) {
    const form = PLURAL.exec(key)?.[1] ?? null;
    const base = form ? key.replace(PLURAL, "") : key;
    if (!keys.has(base)) keys.set(base, new Map());
    keys.get(base).set(form, text);
    if (text.trim() === "") problems.push(`${language}: "${key}" is empty`);
  }
  return keys;
}

const all = Object.fromEntries(LANGUAGES.map((language) => [language, load(language)]));
const en = all.en;

for (const language of LANGUAGES) {
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  for (const [base, texts] of en) {
    const own = all[language].get(base);
    if (!own) {
      problems.push(`${language}: "${base}" is missing`);
      continue;
    }
    const want = texts.has(null) ? [null] : forms;
    for (const form of want)
      if (!own.has(form)) problems.push(`${language}: "${base}" lacks the form ${form}`);
    for (const form of own.keys())
      if (!want.includes(form)) problems.push(`${language}: "${base}" has a form ${form} too many`);
    const wanted = new Set(placeholders(texts.get(null) ?? texts.get("other") ?? ""));
    for (const [form, text] of own) {
      const has = new Set(placeholders(text));
      for (const mark of has)
        if (!wanted.has(mark)) problems.push(`${language}: "${base}" (${form}) has an unknown ${mark}`);
      for (const mark of wanted) {
        const may = form !== null && form !== "other" && mark === "{{count}}";
        if (!has.has(mark) && !may) problems.push(`${language}: "${base}" (${form}) lacks ${mark}`);
      }
    }
  }
  for (const base of all[language].keys())
    if (!en.has(base)) problems.push(`${language}: "${base}" is not in en.json`);
}

function walk(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return walk(path);
    return /\.(ts|tsx)$/.test(name) && !/\.(test|gen)\.tsx?$/.test(name) ? [path] : [];
  });
}

const literals = new Set();
const prefixes = new Set();
for (const path of walk(SOURCES)) {
  const name = relative(SOURCES, path);
  if (name.startsWith("shared/testing/")) continue;
  const text = readFileSync(path, "utf8");
  for (const [, key] of text.matchAll(/(?<![\w.])(?:t|i18n\.t|i18next\.t)\(\s*["']([\w.-]+)["']/g)) {
    literals.add(key);
    if (!en.has(key)) problems.push(`${name}: t("${key}") has no text`);
  }
  for (const [, key] of text.matchAll(/["']([a-z][\w-]*(?:\.[\w-]+)+)["']/g)) literals.add(key);
  for (const [, key] of text.matchAll(/`([a-z][\w-]*\.(?:[\w-]+\.)*[\w-]*)\$\{/g)) prefixes.add(key);
  if (name.endsWith(".tsx") && !/^(kit\/gallery|routes\/kit)/.test(name)) untranslated(name, text);
}
for (const base of en.keys()) {
  if (!literals.has(base) && ![...prefixes].some((prefix) => base.startsWith(prefix)))
    problems.push(`en: "${base}" is not used`);
}

/** Finds text between tags and in attributes that people see. Comments are taken out first. */
function untranslated(name, text) {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const visible = /(?:aria-label|title|placeholder|label|alt|description)="([^"{]*\p{L}{2,}[^"{]*)"/gu;
  for (const [, found] of code.matchAll(visible)) problems.push(`${name}: untranslated attribute "${found}"`);
  for (const [, found] of code.matchAll(
    /<[A-Za-z][^<>=]*(?:=(?:"[^"]*"|\{[^{}]*\})[^<>=]*)*>\s*([^<>{}=;()]*\p{L}{2,}[^<>{}=;()]*)\s*<\//gu,
  )) {
    problems.push(`${name}: untranslated text "${found.trim()}"`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${en.size} texts, complete in ${LANGUAGES.length} languages`);
