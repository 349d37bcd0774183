import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  readonly version?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly optionalDependencies?: Record<string, string>;
}
const lock = JSON.parse(readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"));
const packages = Object.entries(lock.packages as Record<string, Locked>);

test("npm ci takes the lock file on every platform: it names each optional package (scripts/complete-lock.mjs)", () => {
  const missing = packages.flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => parent !== "" && !(`node_modules/${name}` in lock.packages),
    ),
  );
  expect(missing).toEqual([]);
});

test("it holds no registry's address", () => {
  const addresses = packages.filter(([, { link, resolved }]) => !link && resolved !== undefined);
  expect(addresses).toEqual([]);
});
