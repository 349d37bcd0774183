import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { acquireLock, openFileState } from "../../../src/rollout/index.js";
import { describeLock } from "../../support/lock-cases.js";
import { project } from "../../support/project.js";
import { takeFence, writer } from "../../support/rollout.js";

describeLock(async () => {
  const folder = project({});
  return { place: { folder }, open: () => openFileState(folder, writer()) };
});

test("numbers go on where the lock's files were deleted", async () => {
  const folder = project({});
  const state = openFileState(folder, writer());
  const request = { mode: "take", rollout: "one", purpose: "test", now: () => new Date() } as const;
  await (await acquireLock(state, request)).release();
  const second = await acquireLock(state, request);
  await second.release();
  rmSync(join(folder, "rollout", "lock-2.json"));
  expect((await acquireLock(openFileState(folder, writer()), request)).fence).toBe(3);
});

test("of many takers of one number one gets it", async () => {
  const folder = project({});
  const takers = Array.from({ length: 20 }, () => openFileState(folder, writer()));
  const got = await Promise.all(takers.map((state) => takeFence(state, 1)));
  expect(got.filter(Boolean)).toHaveLength(1);
});
