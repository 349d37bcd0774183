import { beforeAll, expect, test } from "vitest";
import { LEAKS, type Leak } from "../../examples/divanco/src/config/leaks.js";
import { startExample, useExample } from "../support/example.js";
import { ATTEMPTS } from "../support/example-attempts.js";
import { callerOf, type Session, signIn } from "../support/example-caller.js";

const example = useExample();
let sessions: { a: Session; b: Session };
beforeAll(async () => {
  const { base } = example.app;
  sessions = { a: await signIn(base, "harbor-rentals"), b: await signIn(base, "granite-rentals") };
});

/** Tries everything on a server of its own, and says what succeeded. */
async function succeeding(environment: Record<string, string>): Promise<Leak[]> {
  const app = await startExample(example.database.url, environment);
  try {
    const [a, b] = [callerOf(app.base, sessions.a), callerOf(app.base, sessions.b)];
    const found: Leak[] = [];
    for (const leak of LEAKS) if (await ATTEMPTS[leak](a, b)) found.push(leak);
    return found;
  } finally {
    expect(await app.stop()).toBe(0);
  }
}

test("without LEAK no attempt succeeds", async () => {
  expect(await succeeding({})).toEqual([]);
});

test("the guard's mode warn is as tight within a request", async () => {
  expect(await succeeding({ TENANT_GUARD_MODE: "warn" })).toEqual([]);
});

test("without the guard ids reach every tenant's rows, lists and totals do not", async () => {
  expect(await succeeding({ TENANT_GUARD_MODE: "off" })).toEqual([
    "read-by-id",
    "update",
    "delete",
    "create-into-tenant",
    "foreign-key-connect",
    "nested-include",
    "existence-oracle",
    "bulk",
    "error-text",
  ]);
});

test.each(LEAKS)("LEAK=%s: its own attempt succeeds, and none of the other twenty", async (leak) => {
  expect(await succeeding({ LEAK: leak })).toEqual([leak]);
});

test("several leaks at once are what /health says; an unknown one stops the start", async () => {
  const app = await startExample(example.database.url, { LEAK: "list, bulk" });
  expect(await (await fetch(`${app.base}/health`)).json()).toMatchObject({ leaks: ["list", "bulk"] });
  expect(await app.stop()).toBe(0);
  await expect(startExample(example.database.url, { LEAK: "list,lst" })).rejects.toThrow(
    /LEAK is "lst": use read-by/,
  );
});
