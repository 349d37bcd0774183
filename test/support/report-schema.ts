import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "vitest";
import { reportSchema } from "../../src/findings/report-schema.js";
import type { CliResult } from "./cli.js";

const isValid = new Ajv2020({ strict: false, formats: { date: true, "date-time": true } }).compile(
  reportSchema,
);

/** stdout is exactly one JSON document, it obeys the published schema, and its verdict is the exit code's. */
export function expectValidReport({ stdout, code }: CliResult): void {
  const report = JSON.parse(stdout);
  expect(isValid(report), JSON.stringify(isValid.errors)).toBe(true);
  const codes = { pass: [0], fail: [1], error: [2, 64, 130], inconclusive: [3] };
  expect(codes[report.verdict as keyof typeof codes]).toContain(code);
}
