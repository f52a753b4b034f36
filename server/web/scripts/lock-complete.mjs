// Completes package-lock.json with the optional packages of other platforms, so that `npm ci` accepts
// the lock on every machine even when it was written against a registry which did not list them all.
// It never changes an entry that is there. With --check it only says whether something is missing.
import { readFileSync, writeFileSync } from "node:fs";

const FILE = new URL("../package-lock.json", import.meta.url);
const OS = [
  "darwin",
  "win32",
  "linux",
  "android",
  "freebsd",
  "openharmony",
  "netbsd",
  "openbsd",
  "sunos",
  "aix",
];
const OS_ALIAS = { windows: "win32" };
const CPU = ["x64", "arm64", "arm", "ia32", "ppc64", "s390x", "riscv64", "loong64", "wasm32", "mips64el"];
const CPU_ALIAS = { ppc64le: "ppc64", armv7: "arm" };

const lock = JSON.parse(readFileSync(FILE, "utf8"));
const packages = lock.packages;

/** The lock key under which `name` is found from the folder `from`, as node would look it up. */
function resolve(from, name) {
  let folder = from;
  for (;;) {
    const key = `${folder ? `${folder}/` : ""}node_modules/${name}`;
    if (packages[key]) return key;
    if (!folder) return null;
    folder = folder.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, "");
  }
}

function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = words.map((word) => OS_ALIAS[word] ?? word).find((word) => OS.includes(word));
  const cpu = words
    .map((word) => CPU_ALIAS[word] ?? CPU_ALIAS[word.replace(/(gnu|musl)eabi(hf)?$/, "")] ?? word)
    .find((word) => CPU.includes(word));
  const libc = name.includes("musl") ? "musl" : name.includes("gnu") ? "glibc" : undefined;
  return { os, cpu, libc };
}

const added = [];
for (const [at, entry] of Object.entries({ ...packages })) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolve(at, name)) continue;
    const version = range.replace(/^[\^~]/, "");
    const { os, cpu, libc } = platformOf(name);
    if (!/^\d+\.\d+\.\d+/.test(version) || (!os && !cpu)) continue;
    packages[`node_modules/${name}`] = {
      version,
      ...(cpu ? { cpu: [cpu] } : {}),
      ...(entry.dev ? { dev: true } : {}),
      ...(libc ? { libc: [libc] } : {}),
      optional: true,
      ...(os ? { os: [os] } : {}),
    };
    added.push(`${name}@${version}`);
  }
}
const named = Object.entries(packages).filter(([, entry]) => entry.resolved);

if (process.argv.includes("--check")) {
  for (const name of added) console.error(`missing in the lock: ${name}`);
  for (const [key] of named) console.error(`the lock names a host for ${key}`);
  if (added.length > 0 || named.length > 0) process.exit(1);
  console.log("lock complete");
} else {
  for (const [, entry] of named) delete entry.resolved;
  lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`added ${added.length} platform packages`);
}
