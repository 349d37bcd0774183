import type { Severity } from "./finding.js";

/** What a rule is, before any setting of the user's: its default severity and its one-line title. */
export interface Rule {
  readonly severity: Severity;
  readonly title: string;
  /** Id of the check that raises it. */
  readonly check: CheckId;
}

/** Checks of this version, as reports and `--require` name them. */
export const checkIds = [
  "registry",
  "readiness",
  "orphans",
  "references",
  "distribution",
  "slow-queries",
  "connections",
  "snapshot",
  "integrity",
  "isolation",
  "coverage",
  "smoke",
  "load",
  "index-usage",
  "index-plan",
  "index-work",
  "fleet",
  "rollout",
  "notify",
] as const;
export type CheckId = (typeof checkIds)[number];

/** Those that `audit` runs. */
export const auditCheckIds = [
  "registry",
  "readiness",
  "orphans",
  "references",
] as const satisfies readonly CheckId[];

/**
 * Every rule that a check of this version can raise. The ids are a contract: scripts, baselines and
 * suppressions name them. Reports list them in this order: what has already gone wrong comes first. Each has a page `docs/rules/<id>.md`, and a test that goes 0 → 1 → 0.
 */
export const rules = {
  "isolation/list": { check: "isolation", severity: "error", title: "List with another tenant's rows" },
  "isolation/read-by-id": {
    check: "isolation",
    severity: "error",
    title: "Another tenant's object can be read by its id",
  },
  "isolation/update": {
    check: "isolation",
    severity: "error",
    title: "Another tenant's object can be changed",
  },
  "isolation/delete": {
    check: "isolation",
    severity: "error",
    title: "Another tenant's object can be deleted",
  },
  "isolation/create-into-tenant": {
    check: "isolation",
    severity: "error",
    title: "An object can be created in another tenant",
  },
  "isolation/foreign-key-connect": {
    check: "isolation",
    severity: "error",
    title: "An object can point at another tenant's",
  },
  "isolation/nested-include": {
    check: "isolation",
    severity: "error",
    title: "Another tenant's data below an object of one's own",
  },
  "isolation/child-through-parent": {
    check: "isolation",
    severity: "error",
    title: "Another tenant's object below a parent of one's own",
  },
  "isolation/bulk": {
    check: "isolation",
    severity: "error",
    title: "A batch takes another tenant's ids",
  },
  "isolation/export": {
    check: "isolation",
    severity: "error",
    title: "A file or a link holds another tenant's data",
  },
  "isolation/events": {
    check: "isolation",
    severity: "error",
    title: "Events of another tenant arrive",
  },
  "isolation/sub-scope": {
    check: "isolation",
    severity: "error",
    title: "A unit that is not one's own is accepted",
  },
  "isolation/unique-conflict": {
    check: "isolation",
    severity: "error",
    title: "Another tenant's keys are in the way",
  },
  "isolation/filter-oracle": {
    check: "isolation",
    severity: "error",
    title: "A filter looks at another tenant's rows",
  },
  "isolation/aggregate": {
    check: "isolation",
    severity: "error",
    title: "A total counts another tenant's rows",
  },
  "isolation/tenant-override": {
    check: "isolation",
    severity: "error",
    title: "The request, not the token, decides the tenant",
  },
  "isolation/tenant-missing": {
    check: "isolation",
    severity: "error",
    title: "Data without a token, or without one tenant",
  },
  "isolation/shared-cache": {
    check: "isolation",
    severity: "error",
    title: "A cache hands one tenant's answer to another",
  },
  "isolation/context-bleed": {
    check: "isolation",
    severity: "error",
    title: "Requests at once mix their tenants",
  },
  "isolation/error-text": {
    check: "isolation",
    severity: "error",
    title: "A refusal tells another tenant's data",
  },
  "isolation/uncovered-route": {
    check: "coverage",
    severity: "error",
    title: "Route without a probe and without a reason",
  },
  "isolation/server-error": {
    check: "isolation",
    severity: "warning",
    title: "A probe makes the server fail",
  },
  "isolation/existence-oracle": {
    check: "isolation",
    severity: "info",
    title: "Refusals tell which ids exist",
  },
  "isolation/unexpected-denial": {
    check: "isolation",
    severity: "info",
    title: "Another tenant's id is refused, but not with 403",
  },

  "rollout/host-not-serving": {
    check: "fleet",
    severity: "error",
    title: "Host that serves nothing that works",
  },
  "rollout/host-on-another-release": {
    check: "fleet",
    severity: "error",
    title: "Host that serves another release",
  },
  "smoke/visible-to-other-tenant": {
    check: "smoke",
    severity: "error",
    title: "Another tenant sees what a workflow made",
  },
  "smoke/step-failed": {
    check: "smoke",
    severity: "error",
    title: "A workflow does not do what it should",
  },
  "rollout/changed-journal": {
    check: "rollout",
    severity: "error",
    title: "The journal is not what was written",
  },
  "rollout/not-completed": {
    check: "rollout",
    severity: "error",
    title: "A rollout ended before all hosts had its release",
  },
  "notify/unreached-channel": {
    check: "notify",
    severity: "warning",
    title: "A notification did not arrive",
  },
  "load/error-rate": { check: "load", severity: "error", title: "More errors under load than the baseline" },
  "load/latency-regression": { check: "load", severity: "error", title: "P99 worse by more than the margin" },

  "db/rows-moved": { check: "integrity", severity: "error", title: "Rows belong to another tenant now" },
  "db/rows-lost": { check: "integrity", severity: "error", title: "Rows are gone" },
  "db/invariant-broken": { check: "integrity", severity: "error", title: "Broken invariant" },
  "db/cross-tenant-reference": {
    check: "references",
    severity: "error",
    title: "Rows that point at another tenant's row",
  },
  "db/orphan-rows": { check: "orphans", severity: "error", title: "Rows whose parent does not exist" },
  "db/null-tenant-rows": { check: "orphans", severity: "error", title: "Rows without a tenant" },

  "index/duplicate-rows": {
    check: "index-work",
    severity: "error",
    title: "Rows that a unique index can't be built over",
  },
  "index/name-conflict": {
    check: "index-work",
    severity: "error",
    title: "The index's name belongs to something else",
  },
  "index/in-use": { check: "index-work", severity: "error", title: "Index that can't be dropped" },
  "index/not-usable-yet": {
    check: "index-work",
    severity: "info",
    title: "Valid index that old transactions can't use",
  },

  "registry/unregistered-model": {
    check: "registry",
    severity: "error",
    title: "Model in no category of the registry",
  },
  "registry/unknown-model": {
    check: "registry",
    severity: "error",
    title: "Registry names a model that does not exist",
  },
  "registry/name-case": {
    check: "registry",
    severity: "error",
    title: "Registry name differs from the model in case",
  },
  "registry/duplicate-model": { check: "registry", severity: "error", title: "Model registered twice" },
  "registry/scoped-without-column": {
    check: "registry",
    severity: "error",
    title: "Scoped model without its scope column",
  },
  "registry/column-without-scope": {
    check: "registry",
    severity: "error",
    title: "Tenant column on a model that is not scoped",
  },
  "registry/missing-index": {
    check: "registry",
    severity: "error",
    title: "No index in the schema leads with the tenant column",
  },
  "registry/missing-relation": {
    check: "registry",
    severity: "error",
    title: "Tenant column without a relation to the tenant",
  },
  "registry/column-type-mismatch": {
    check: "registry",
    severity: "error",
    title: "Tenant column and tenant id differ in type",
  },
  "registry/sub-scope-without-tenant": {
    check: "registry",
    severity: "error",
    title: "Sub-scoped model without a tenant column",
  },
  "registry/special-without-path": {
    check: "registry",
    severity: "error",
    title: "Special model without a required path to a tenant",
  },
  "registry/nullable-column": {
    check: "registry",
    severity: "warning",
    title: "Tenant column is optional in the schema",
  },
  "registry/unique-without-tenant": {
    check: "registry",
    severity: "warning",
    title: "Unique key spans tenants",
  },

  "db/missing-table": { check: "readiness", severity: "error", title: "Model without a table" },
  "db/missing-column": {
    check: "readiness",
    severity: "error",
    title: "Scope column missing in the database",
  },
  "db/missing-index": {
    check: "readiness",
    severity: "error",
    title: "No usable index leads with the tenant column",
  },
  "db/invalid-index": { check: "readiness", severity: "error", title: "Invalid index" },
  "db/missing-foreign-key": {
    check: "readiness",
    severity: "error",
    title: "Foreign key missing in the database",
  },
  "db/wrong-foreign-key-target": {
    check: "readiness",
    severity: "error",
    title: "Foreign key points at the wrong table",
  },
  "db/nullable-column": {
    check: "readiness",
    severity: "warning",
    title: "Tenant column is nullable in the database",
  },
  "db/unvalidated-foreign-key": {
    check: "readiness",
    severity: "warning",
    title: "Foreign key that proves nothing about old rows",
  },
  "db/unmapped-table": {
    check: "readiness",
    severity: "warning",
    title: "Table with a tenant column and no model",
  },
  "db/rows-changed": { check: "integrity", severity: "error", title: "Rows have other values" },
  "db/rows-added": { check: "integrity", severity: "info", title: "New rows" },
  "db/tenant-skew": {
    check: "distribution",
    severity: "info",
    title: "One tenant has most of a table's rows",
  },
  "db/query-without-tenant": {
    check: "slow-queries",
    severity: "warning",
    title: "Statement without the tenant",
  },
  "db/idle-in-transaction": {
    check: "connections",
    severity: "warning",
    title: "Connection idle in a transaction",
  },
  "db/connections-near-limit": {
    check: "connections",
    severity: "warning",
    title: "Connections close to their limit",
  },
  "index/invalid": {
    check: "index-usage",
    severity: "error",
    title: "Invalid index in the way of a build, or left by one",
  },
  "index/unused": { check: "index-usage", severity: "warning", title: "Unused index" },
  "index/duplicate": { check: "index-usage", severity: "warning", title: "Two indexes alike" },
  "index/redundant-prefix": {
    check: "index-usage",
    severity: "warning",
    title: "Index that is the beginning of another",
  },
  "index/missing-tenant-lead": {
    check: "index-usage",
    severity: "warning",
    title: "Tenant column stands behind another one",
  },
  "index/bloat": { check: "index-usage", severity: "info", title: "Index that is half empty" },
  "index/missing-composite": {
    check: "index-plan",
    severity: "info",
    title: "No index for what a tenant's queries ask",
  },
  "index/missing-foreign-key-index": {
    check: "index-plan",
    severity: "info",
    title: "Foreign key without an index",
  },
  "db/schema-drift": { check: "readiness", severity: "warning", title: "Schema and database disagree" },
} as const satisfies Record<string, Rule>;

export type RuleId = keyof typeof rules;

export const ruleIds = Object.keys(rules) as RuleId[];

export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(rules, id);
}
