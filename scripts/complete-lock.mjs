/**
 * Adds to package-lock.json the packages for other platforms that npm left out: an `npm install` beside an
 * existing node_modules does (npm/cli issue 4828), and so does a registry mirror that has not got them yet.
 * `npm ci` refuses such a lock file on every machine. Run it after changing dependencies.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./prepare.mjs";

const path = join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));
const added = [];
for (const [parent, { dev, optionalDependencies = {} }] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(optionalDependencies)) {
    if (parent === "" || `node_modules/${name}` in lock.packages) continue;
    lock.packages[`node_modules/${name}`] = entryFor(name, range, dev);
    added.push(name);
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([left], [right]) => (left < right ? -1 : 1)),
);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(added.length ? `added ${added.length}: ${added.join(", ")}\n` : "nothing was missing\n");

/** Platform packages carry their system and processor in their names: `binding-linux-x64-musl`. */
function entryFor(name, range, dev) {
  const [, os, cpu, libc] =
    /(android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-(gnu|musl|msvc|[a-z]*eabi[a-z]*))?/.exec(
      name,
    ) ?? [];
  if (os === undefined) throw new Error(`${name} is missing and is no platform package: run npm install`);
  return {
    version: range.replace(/^[\^~]/, ""),
    cpu: [cpu === "arm" ? "arm" : cpu],
    ...(dev ? { dev: true } : {}),
    optional: true,
    os: [os],
    ...(libc === "gnu" ? { libc: ["glibc"] } : libc === "musl" ? { libc: ["musl"] } : {}),
  };
}
