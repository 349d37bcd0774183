import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Finding } from "../../../src/findings/finding.js";
import type { Report } from "../../../src/findings/report.js";
import { tenantctlJson } from "../../support/cli.js";
import { createDatabase, type TestDatabase } from "../../support/database.js";
import { argumentsOf, type Case } from "./case.js";

/** What the executable said of one application. */
export interface Outcome {
  readonly code: number | null;
  readonly report: Report;
  readonly stderr: string;
  readonly findings: readonly Finding[];
  /** It could not tell which model is the tenant, and was told. */
  readonly wasUnsure: boolean;
}

/** Makes the case's database and files, audits them with the real executable, and removes them. */
export async function runCase(each: Case): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "tenantctl-truth-"));
  const database = await createDatabase();
  try {
    writeFiles(folder, each.files);
    await fill(database, each);
    const first = await audit(each, folder, database, each.application.style.said);
    if (first.code !== 3 || each.application.style.said === "both") return { ...first, wasUnsure: false };
    return { ...(await audit(each, folder, database, "both")), wasUnsure: true };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  }
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function fill(database: TestDatabase, { script, surroundings }: Case): Promise<void> {
  await database.query(`begin; ${script.main}; ${surroundings}; commit`);
  for (const { sql, mayFail } of script.afterwards) {
    const failure = await database.query(sql).then(
      () => undefined,
      (error: Error) => error,
    );
    if (mayFail !== (failure !== undefined)) throw failure ?? new Error(`this had to fail: ${sql}`);
  }
}

async function audit(
  each: Case,
  folder: string,
  database: TestDatabase,
  said: Case["application"]["style"]["said"],
) {
  const { schemas, defaultSchema } = each.application;
  const named = schemas.length === 0 && defaultSchema !== "public";
  const url = `${database.url}${named ? `?schema=${encodeURIComponent(defaultSchema)}` : ""}`;
  const env = { TRUTH_URL: url };
  const { code, report, stderr } = await tenantctlJson(argumentsOf(each, said), { cwd: folder, env });
  const findings = report.checks.flatMap((check) => check.findings);
  return { code, report, stderr, findings };
}
