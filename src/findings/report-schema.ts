import { checkIds, ruleIds } from "./rules.js";

const text = { type: "string" } as const;
const count = { type: "integer", minimum: 0 } as const;
const severity = { enum: ["error", "warning", "info"] } as const;

const subject = {
  type: "object",
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(
      [
        ...["model", "field", "schema", "table", "column", "index", "constraint", "references"],
        ...["route", "workflow", "step", "statement", "role", "limit", "host", "database", "file"],
      ].map((key) => [key, text]),
    ),
    line: { type: "integer", minimum: 1 },
  },
};

const texts = { type: "array", items: text } as const;

const remedyPrisma = {
  type: "object",
  additionalProperties: false,
  required: ["schema", "migration"],
  properties: {
    schema: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["model"],
        properties: { model: text, add: texts, remove: texts, change: texts },
      },
    },
    migration: texts,
  },
} as const;

const finding = {
  type: "object",
  required: ["rule", "severity", "subject", "message", "remedy", "evidence", "fingerprint"],
  properties: {
    rule: { enum: ruleIds },
    severity,
    subject,
    message: text,
    remedy: text,
    remedySteps: texts,
    remedyPrisma,
    evidence: {
      type: "object",
      properties: { rows: count, estimated: { type: "boolean" }, sample: { type: "array", maxItems: 10 } },
    },
    fingerprint: { type: "string", pattern: "^[0-9a-f]{64}$" },
  },
} as const;

const suppression = {
  type: "object",
  required: ["reason"],
  additionalProperties: false,
  properties: { reason: text, until: { type: "string", format: "date" }, isBaseline: { const: true } },
} as const;

const check = {
  type: "object",
  additionalProperties: false,
  required: ["id", "title", "status", "durationMs", "facts", "findings"],
  properties: {
    id: text,
    title: text,
    status: { enum: ["pass", "fail", "inconclusive", "skipped", "error"] },
    reason: text,
    obstacle: { enum: ["error", "inconclusive", "skipped"] },
    durationMs: { type: "number", minimum: 0 },
    facts: { type: "object" },
    findings: { type: "array", items: finding },
    suppressed: {
      type: "array",
      items: { allOf: [finding, { type: "object", required: ["suppression"], properties: { suppression } }] },
    },
  },
  allOf: [
    {
      if: { properties: { status: { enum: ["skipped", "inconclusive", "error"] } } },
      // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's keyword.
      then: { required: ["reason"] },
    },
  ],
} as const;

const gate = {
  type: "object",
  additionalProperties: false,
  required: ["failOn", "required"],
  properties: {
    failOn: { enum: ["error", "warning", "never"] },
    required: { type: "array", items: { enum: checkIds } },
    baseline: {
      type: "object",
      additionalProperties: false,
      required: ["file", "accepted", "gone"],
      properties: {
        file: text,
        accepted: count,
        gone: {
          type: "array",
          items: {
            type: "object",
            required: ["rule", "fingerprint", "subject"],
            properties: { rule: text, fingerprint: text, subject, database: text, rows: count },
          },
        },
      },
    },
  },
} as const;

/** JSON Schema (draft 2020-12) of the report. `schemaVersion` rises when a field changes its meaning. */
export const reportSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "tenantctl report",
  type: "object",
  additionalProperties: false,
  required: [
    ...["schemaVersion", "tool", "command", "environment"],
    ...["startedAt", "finishedAt", "verdict", "summary", "checks"],
  ],
  properties: {
    schemaVersion: { const: 1 },
    tool: {
      type: "object",
      additionalProperties: false,
      required: ["name", "version"],
      properties: { name: { const: "tenantctl" }, version: text },
    },
    command: text,
    environment: text,
    startedAt: { type: "string", format: "date-time" },
    finishedAt: { type: "string", format: "date-time" },
    verdict: { enum: ["pass", "fail", "inconclusive", "error"] },
    summary: {
      type: "object",
      additionalProperties: false,
      required: ["error", "warning", "info", "suppressed"],
      properties: { error: count, warning: count, info: count, suppressed: count },
    },
    gate,
    checks: { type: "array", items: check },
    error: {
      type: "object",
      additionalProperties: false,
      required: ["message", "hint"],
      properties: { message: text, hint: text },
    },
  },
} as const;
