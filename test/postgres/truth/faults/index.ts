import type { Application } from "../application.js";
import { Dice } from "../dice.js";
import type { Expected } from "../expected.js";
import type { FaultPlan } from "../plan.js";
import { columnTypeMismatch } from "./column-type-mismatch.js";
import { columnWithoutScope } from "./column-without-scope.js";
import { crossTenantReference } from "./cross-tenant-reference.js";
import { duplicateModel } from "./duplicate-model.js";
import { type Fault, Ground } from "./ground.js";
import { invalidIndex } from "./invalid-index.js";
import { missingColumn } from "./missing-column.js";
import { missingForeignKeyFault } from "./missing-foreign-key.js";
import { missingIndex } from "./missing-index.js";
import { missingRelation } from "./missing-relation.js";
import { missingTable } from "./missing-table.js";
import { nameCase } from "./name-case.js";
import { nullTenantRows } from "./null-tenant-rows.js";
import { nullableColumn } from "./nullable-column.js";
import { orphanRows } from "./orphan-rows.js";
import { registryMissingIndex } from "./registry-missing-index.js";
import { registryNullableColumn } from "./registry-nullable-column.js";
import { relationModePrisma } from "./relation-mode-prisma.js";
import { schemaDrift } from "./schema-drift.js";
import { scopedWithoutColumn } from "./scoped-without-column.js";
import { specialWithoutPath } from "./special-without-path.js";
import { subScopeWithoutTenant } from "./sub-scope-without-tenant.js";
import { uniqueWithoutTenant } from "./unique-without-tenant.js";
import { unknownModel } from "./unknown-model.js";
import { unmappedTable } from "./unmapped-table.js";
import { unregisteredModel } from "./unregistered-model.js";
import { unvalidatedForeignKey } from "./unvalidated-foreign-key.js";
import { fillLeftOvers, wrongForeignKeyTarget } from "./wrong-foreign-key-target.js";

/** A way to break each rule that the product has. */
const faults: readonly Fault[] = [
  unregisteredModel,
  unknownModel,
  nameCase,
  duplicateModel,
  scopedWithoutColumn,
  columnWithoutScope,
  registryMissingIndex,
  missingRelation,
  columnTypeMismatch,
  subScopeWithoutTenant,
  specialWithoutPath,
  registryNullableColumn,
  uniqueWithoutTenant,
  missingTable,
  missingColumn,
  nullTenantRows,
  missingIndex,
  invalidIndex,
  missingForeignKeyFault,
  wrongForeignKeyTarget,
  orphanRows,
  crossTenantReference,
  nullableColumn,
  unvalidatedForeignKey,
  unmappedTable,
  schemaDrift,
];

/**
 * Plants the faults of a plan, each in the first of its ways that finds a place. Returns all that has to be
 * found, and nothing else may be.
 */
export function plantFaults(
  application: Application,
  plans: readonly FaultPlan[],
  serverVersion: number,
): Expected[] {
  const seed = plans.reduce((sum, plan) => sum ^ plan.seed, application.style.seed);
  const ground = new Ground(application, new Dice(seed), serverVersion);
  const planted = plans.flatMap(({ rule, seed: own }) => {
    const fault = faults.find((each) => each.rule === rule);
    if (!fault) throw new Error(`no fault breaks ${rule}: write one beside the others`);
    ground.dice = new Dice(own);
    for (const variant of new Dice(own).shuffle(fault.variants)) {
      const expected = variant(ground);
      if (expected) return expected;
    }
    return [];
  });
  fillLeftOvers(application.models);
  return [...planted, ...relationModePrisma(application)];
}
