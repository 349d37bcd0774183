import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";
import { columnTypeMismatch } from "./column-type-mismatch.js";
import { columnWithoutScope } from "./column-without-scope.js";
import { duplicateModel } from "./duplicate-model.js";
import { missingIndex } from "./missing-index.js";
import { missingRelation } from "./missing-relation.js";
import { nameCase } from "./name-case.js";
import { nullableColumn } from "./nullable-column.js";
import { scopedWithoutColumn } from "./scoped-without-column.js";
import { specialWithoutPath } from "./special-without-path.js";
import { subScopeWithoutTenant } from "./sub-scope-without-tenant.js";
import { uniqueWithoutTenant } from "./unique-without-tenant.js";
import { unknownModel } from "./unknown-model.js";
import { unregisteredModel } from "./unregistered-model.js";

/** Every registry rule: the context in, findings out, nothing else. */
export const registryRules: readonly ((context: RegistryContext) => FindingDraft[])[] = [
  unregisteredModel,
  unknownModel,
  nameCase,
  duplicateModel,
  scopedWithoutColumn,
  columnWithoutScope,
  missingIndex,
  missingRelation,
  columnTypeMismatch,
  subScopeWithoutTenant,
  specialWithoutPath,
  nullableColumn,
  uniqueWithoutTenant,
];
