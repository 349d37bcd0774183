import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { LostLockError, openPostgresState, type SharedState } from "../../../src/rollout/index.js";
import { startCuttingProxy } from "../../support/cutting-proxy.js";
import { createDatabase, type TestDatabase, urlOf } from "../../support/database.js";
import { describeLock } from "../../support/lock-cases.js";
import { note, takeFence, writer } from "../../support/rollout.js";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const said: string[] = [];

function open(name: string): SharedState {
  const state = openPostgresState(
    { url: database.url, name, onCreate: (message) => said.push(message) },
    writer(),
  );
  onTestFinished(() => state.close());
  return state;
}

test("the tables are made once, by whoever comes first, and that is said", async () => {
  const readings = await Promise.all(["a", "b", "c", "d"].map((name) => open(name).journal.read()));
  expect(readings.map(({ entries }) => entries)).toEqual([[], [], [], []]);
  expect(said).toEqual([expect.stringMatching(/^made the schema tenantctl in test_/)]);
});

test("a role needs a schema of its own, and no other right", async () => {
  const own = await createDatabase();
  const role = { name: `${own.name}_operator`, password: "operator-password" };
  await own.query(`create role ${role.name} login password '${role.password}'`);
  const url = urlOf(own.url, own.name, role);
  const asOperator = () =>
    openPostgresState({ url, name: "app", onCreate: (message) => told.push(message) }, writer());
  const told: string[] = [];
  const states = [asOperator(), asOperator()];
  onTestFinished(async () => {
    await Promise.all(states.map((state) => state.close()));
    await own.query(`drop owned by ${role.name}; drop role ${role.name}`);
    await own.drop();
  });
  const refusal = await states[0]!.journal.read().catch((error: Error) => error.message);
  expect(refusal).toMatch(/can't be used: permission denied/);
  expect(refusal).not.toContain(role.password);
  await own.query(`create schema tenantctl authorization ${role.name}`);
  await takeFence(states[1]!, 1);
  await states[1]!.journal.append(note("one"), 1);
  expect((await states[1]!.journal.read()).entries).toHaveLength(1);
  expect(told).toHaveLength(1);
});

test("many writers at once leave no gap, and every root fits", async () => {
  const states = Array.from({ length: 6 }, () => open("crowd"));
  await takeFence(states[0]!, 1);
  await Promise.all(
    states.flatMap((state, index) =>
      Array.from({ length: 8 }, (_, time) => state.journal.append(note(`${index}-${time}`), 1)),
    ),
  );
  const { entries, change } = await open("crowd").journal.read();
  expect(change).toBeUndefined();
  expect(entries.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 48 }, (_, index) => index + 1),
  );
});

test("entries can't be changed or deleted; with the trigger off, a change is seen", async () => {
  const state = open("changed");
  await takeFence(state, 1);
  for (const text of ["one", "two", "three"]) await state.journal.append(note(text), 1);
  const change = `update tenantctl.rollout_entries set line = replace(line, '"two"', '"2"') where journal = 'changed'`;
  await expect(database.query(change)).rejects.toThrow(/only ever added/);
  await expect(database.query("truncate tenantctl.rollout_entries")).rejects.toThrow(/only ever added/);
  await database.query(`alter table tenantctl.rollout_entries disable trigger user; ${change};
    alter table tenantctl.rollout_entries enable trigger user`);
  const other = open("changed");
  expect((await other.journal.read()).change).toMatchObject({ sequence: 2 });
  await expect(other.journal.append(note("four"), 1)).rejects.toThrow(/was changed after it was written/);
});

test("who has lost the lock can't write any more", async () => {
  const [one, other] = [open("fenced"), open("fenced")];
  await takeFence(one, 1);
  await one.journal.append(note("one"), 1);
  expect(await takeFence(other, 1)).toBe(false);
  expect(await takeFence(other, 2, "ben@ops2")).toBe(true);
  await expect(one.journal.append(note("late"), 1)).rejects.toThrow(LostLockError);
  expect((await other.journal.read()).entries).toHaveLength(1);
});

test("a session that the server ends is opened again, and no entry is written twice", async () => {
  const state = open("ended");
  await takeFence(state, 1);
  await state.journal.append(note("one"), 1);
  await database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
  await state.journal.append(note("two"), 1);
  const { entries } = await state.journal.read();
  expect(entries.map(({ data }) => data!.text)).toEqual(["one", "two"]);
});

test("an entry whose commit was done and not told is written once", async () => {
  const { hostname, port } = new URL(database.url);
  const proxy = await startCuttingProxy(hostname, Number(port));
  const url = new URL(database.url);
  url.host = `127.0.0.1:${proxy.port}`;
  const state = openPostgresState({ url: url.href, name: "cut", onCreate: () => {} }, writer());
  onTestFinished(async () => {
    await state.close();
    await proxy.close();
  });
  await takeFence(state, 1);
  await state.journal.append(note("one"), 1);
  proxy.cutAfter("commit");
  expect(await state.journal.append(note("two"), 1)).toMatchObject({ sequence: 2 });
  expect(proxy.cuts()).toBe(1);
  // Here nothing was committed: it is written now.
  proxy.cutAfter("insert into tenantctl.rollout_entries");
  expect(await state.journal.append(note("three"), 1)).toMatchObject({ sequence: 3 });
  expect(proxy.cuts()).toBe(2);
  const { entries } = await state.journal.read();
  expect(entries.map(({ data }) => data!.text)).toEqual(["one", "two", "three"]);
});

describe("the lock", () => {
  describeLock(async () => {
    // The child's journal is `app`: a database of its own for each test.
    const own = await createDatabase();
    const states: SharedState[] = [];
    onTestFinished(async () => {
      await Promise.all(states.map((state) => state.close()));
      await own.drop();
    });
    return {
      place: { url: own.url },
      open: () => {
        const state = openPostgresState({ url: own.url, name: "app", onCreate: () => {} }, writer());
        states.push(state);
        return state;
      },
    };
  });
});
