import { expect, test } from "vitest";
import { findProgram, versionCommand, versionIn } from "../../../src/adapters/programs.js";
import { statementCommands } from "../../../src/database/statements/install.js";
import { judgeDatabase } from "../../../src/doctor/database.js";
import { needsOf } from "../../../src/doctor/needs.js";
import { judgePrograms } from "../../../src/doctor/programs.js";

const nothing = { deploys: false, watches: false };

test.each([
  ["20.18.3", "error"],
  ["20.19.0", "pass"],
  ["22.0.0", "pass"],
  ["18.20.0", "error"],
])("Node %s is %s", (version, status) => {
  const [node] = judgePrograms(new Map(), version, nothing);
  expect(node).toMatchObject({ id: "node", status, isNeeded: true, version });
});

test.each([
  [{}, false, false],
  [{ fleet: {} }, true, false],
  [{ build: {} }, true, false],
  [{ rollout: { window: "24h" } }, true, false],
  [{ rollout: { source: { prometheus: "http://127.0.0.1:9090" } } }, true, true],
  [{ monitoring: {} }, false, true],
])("%j needs programs to deploy: %s, to watch: %s", (sections, deploys, watches) => {
  expect(needsOf(sections)).toEqual({ deploys, watches });
});

test("how a program is asked, and what is read of its answer", () => {
  expect(versionCommand("ssh", "/usr/bin/ssh")).toEqual(["/usr/bin/ssh", "-V"]);
  expect(versionCommand("git", "/usr/bin/git")).toEqual(["/usr/bin/git", "--version"]);
  const answers = [
    "ansible-playbook [core 2.16.3]",
    "git version 2.43.0.",
    "promtool, version 2.45.3+ds (b",
    "?",
  ];
  expect(answers.map(versionIn)).toEqual(["2.16.3", "2.43.0", "2.45.3+ds", undefined]);
  expect(findProgram("git", {})).toBeUndefined();
  expect(findProgram("git", { PATH: ":/no/such/folder:" })).toBeUndefined();
});

test("libraries that are preloaded stay so; those that can't be seen are asked for, not overwritten", () => {
  const facts = { extensionVersion: null, isAvailable: true, isPreloaded: false };
  const [alter] = statementCommands({ ...facts, preloadedLibraries: 'auto_explain, "odd name"' });
  expect(alter).toBe(
    "ALTER SYSTEM SET shared_preload_libraries = 'auto_explain', 'odd name', 'pg_stat_statements';",
  );
  const [show, unfinished] = statementCommands({ ...facts, preloadedLibraries: null });
  expect(show).toBe("SHOW shared_preload_libraries;");
  expect(unfinished).toContain("= <each that it shows");
  const done = { ...facts, isPreloaded: true, preloadedLibraries: null };
  expect(statementCommands(done)).toEqual(["CREATE EXTENSION IF NOT EXISTS pg_stat_statements;"]);
});

test("of a standby it is said where its role is granted what it lacks", () => {
  const items = judgeDatabase({
    name: undefined,
    state: "read",
    facts: {
      shown: "divanco on replica:5432",
      role: {
        role: "auditor",
        version: "16.4 (Debian 16.4-1.pgdg120+1)",
        isStandby: true,
        isSuperuser: false,
        bypassesRls: false,
        readsAllStatistics: false,
        schemasWithoutUsage: [],
        filteredTables: [],
        statements: {
          extensionVersion: null,
          isAvailable: true,
          isPreloaded: true,
          preloadedLibraries: null,
        },
      },
      hidden: {
        value: {
          schemas: ["public"],
          total: 1,
          tables: [{ id: "1", schema: "public", name: "assets", maySelect: false }],
          questions: [{ check: "orphans", title: "assets.tenantId" }],
          furtherQuestions: [],
        },
      },
    },
  });
  const byId = new Map(items.map((item) => [item.id, item]));
  expect(byId.get("server")).toMatchObject({ version: "16.4", found: expect.stringMatching(/a standby/) });
  for (const id of ["rights", "pg_stat_statements", "pg_read_all_stats"])
    expect(byId.get(id)?.hint, id).toMatch(/on the primary/);
  expect(byId.get("rights")).toMatchObject({
    status: "error",
    blocks: "audit lacks orphans (assets.tenantId)",
  });
});
