import fc from "fast-check";
import type { RuleId } from "../../../src/findings/rules.js";
import { auditRules } from "./audit-rules.js";

/**
 * What fast-check chooses, and so what shrinks: which models there are, how many rows each has, and which
 * faults are planted. The details of each follow from its seed.
 */
export interface Plan {
  readonly seed: number;
  readonly tenants: number;
  readonly relationMode: "foreignKeys" | "prisma";
  readonly models: readonly ModelPlan[];
  readonly faults: readonly FaultPlan[];
}

export interface ModelPlan {
  readonly role: PlannedRole;
  readonly rows: number;
  readonly seed: number;
}

export type PlannedRole =
  | "scoped"
  | "sub-scoped"
  | "special"
  | "shared"
  | "global"
  | "view"
  | "ignored"
  | "join"
  | "stranger";

export interface FaultPlan {
  readonly rule: RuleId;
  readonly seed: number;
}

const seeds = fc.noShrink(fc.nat(2 ** 31 - 1));

const weighedRoles = {
  scoped: 8,
  "sub-scoped": 3,
  special: 6,
  shared: 1,
  global: 3,
  view: 1,
  ignored: 1,
  join: 2,
  stranger: 1,
} as const satisfies Record<PlannedRole, number>;

const role = fc.oneof(
  ...Object.entries(weighedRoles).map(([name, weight]) => ({
    weight,
    arbitrary: fc.constant(name as PlannedRole),
  })),
);

/** Mostly a few rows, sometimes over a hundred, sometimes none. */
const rows = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.nat(12) },
  { weight: 1, arbitrary: fc.integer({ min: 13, max: 120 }) },
);

const model: fc.Arbitrary<ModelPlan> = fc.record({ role, rows, seed: seeds });

const scopedModel: fc.Arbitrary<ModelPlan> = fc.record({
  role: fc.constant("scoped" as const),
  rows,
  seed: seeds,
});

const fault: fc.Arbitrary<FaultPlan> = fc.record({ rule: fc.constantFrom(...auditRules), seed: seeds });

/** Three in four applications have faults, up to six; the others have none. */
const faults: fc.Arbitrary<FaultPlan[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<FaultPlan[]>([]) },
  { weight: 3, arbitrary: fc.array(fault, { minLength: 1, maxLength: 6, size: "max" }) },
);

/** Plans of applications with 4 to 14 models or so, and the faults to plant in them. */
export const plans: fc.Arbitrary<Plan> = fc
  .record({
    seed: seeds,
    tenants: fc.integer({ min: 1, max: 7 }),
    relationMode: fc.oneof(
      { weight: 14, arbitrary: fc.constant("foreignKeys" as const) },
      { weight: 1, arbitrary: fc.constant("prisma" as const) },
    ),
    base: fc.array(scopedModel, { minLength: 2, maxLength: 3, size: "max" }),
    others: fc.array(model, { minLength: 1, maxLength: 10, size: "max" }),
    faults,
  })
  .map(({ base, others, ...plan }) => ({
    ...plan,
    models: [...base, ...others, ...plan.faults.flatMap(neededBy)],
  }));

/** Models without which a fault rarely finds a place. */
function neededBy({ rule, seed }: FaultPlan): ModelPlan[] {
  const roles: readonly PlannedRole[] =
    rule === "registry/sub-scope-without-tenant"
      ? ["sub-scoped", "sub-scoped"]
      : rule === "registry/special-without-path"
        ? ["special", "global"]
        : [];
  return roles.map((role, index) => ({ role, rows: 3, seed: seed ^ (index + 1) }));
}
