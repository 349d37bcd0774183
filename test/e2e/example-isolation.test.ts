import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LEAKS, type Leak } from "../../examples/divanco/src/config/leaks.js";
import { checkApi } from "../../src/isolation/index.js";
import { exampleFolder, type RunningExample, startExample, useExample } from "../support/example.js";
import { type Session, signIn } from "../support/example-caller.js";
import { project } from "../support/project.js";

const example = useExample();
let sessions: { a: Session; b: Session };
const found: Leak[] = [];

beforeAll(async () => {
  const { base } = example.app;
  sessions = { a: await signIn(base, "harbor-rentals"), b: await signIn(base, "granite-rentals") };
});

afterAll(() => {
  process.stdout.write(
    `\nstrength of isolation check on the example: ${found.length} of ${LEAKS.length} leaks\n`,
  );
});

const documents = ["/business-units", "/clients", "/quotations"];

/** The part of the API that a leak is in, and what it takes to create objects there: a whole check takes half a minute. */
const parts: Readonly<Record<Leak, readonly string[]>> = {
  "read-by-id": ["/business-units", "/assets"],
  list: ["/business-units", "/clients"],
  "tenant-override": ["/supplies"],
  update: ["/business-units", "/clients"],
  delete: ["/business-units", "/clients"],
  "create-into-tenant": ["/supplies"],
  "foreign-key-connect": documents,
  "nested-include": ["/modules"],
  "child-through-parent": documents,
  aggregate: ["/business-units", "/assets", "/reports"],
  "filter-oracle": documents,
  "existence-oracle": documents,
  "unique-conflict": ["/business-units", "/clients"],
  bulk: ["/business-units", "/assets"],
  export: ["/business-units", "/clients", "/exports"],
  "shared-cache": ["/modules"],
  "tenant-missing": ["/supplies"],
  "context-bleed": ["/supplies"],
  events: ["/business-units", "/clients", "/events"],
  "error-text": ["/business-units", "/clients", "/assets"],
  "sub-scope": ["/business-units", "/supplies"],
};

function documentOf(prefixes: readonly string[]): string {
  const whole = JSON.parse(readFileSync(join(exampleFolder, "openapi.json"), "utf8"));
  const paths = Object.entries(whole.paths).filter(([path]) =>
    prefixes.some((prefix) => path.startsWith(`/api/v1${prefix}`)),
  );
  const file = join(mkdtempSync(join(tmpdir(), "tenantctl-part-")), "openapi.json");
  writeFileSync(file, JSON.stringify({ ...whole, paths: Object.fromEntries(paths) }));
  return file;
}

async function check(app: RunningExample, prefixes: readonly string[]) {
  const { drafts } = await checkApi({
    openapi: documentOf(prefixes),
    baseUrl: app.base,
    attacker: { name: "a", ...sessions.a },
    victim: { name: "b", ...sessions.b },
    binding: { tenantHeader: "X-Tenant-ID", tokenHeader: "Authorization", tokenScheme: "Bearer" },
    http: { connections: 32, timeout: 10_000, bodyLimit: 2 ** 20 },
    isReadOnly: () => false,
    tenantFields: ["tenantId"],
    shared: ["/modules"].filter((path) => prefixes.includes(path)).map((path) => `/api/v1${path}`),
    subScope: { header: "X-Business-Unit-ID", models: ["BusinessUnit"] },
    stateFolder: project({}),
    run: "leak",
  });
  return new Set(drafts.map(({ rule }) => rule));
}

test.each(LEAKS.map((leak) => [leak]))(
  "LEAK=%s is found under its rule, and nothing else is",
  async (leak) => {
    const app = await startExample(example.database.url, { LEAK: leak });
    try {
      expect(await check(app, parts[leak])).toEqual(new Set([`isolation/${leak}`]));
      found.push(leak);
    } finally {
      await app.stop();
    }
  },
);

test("without LEAK nothing is found on any of them", async () => {
  const app = await startExample(example.database.url);
  try {
    expect(await check(app, [...new Set(Object.values(parts).flat())])).toEqual(new Set());
  } finally {
    await app.stop();
  }
});
