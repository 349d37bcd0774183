import type { Model } from "../application.js";
import type { Dice } from "../dice.js";
import { compositeKey, identity } from "../ownership.js";
import type { Builder } from "./builder.js";

/**
 * The second column of a sub-scoped model. A composite key of tenant and unit ties both at once; only config
 * can name the unit then, since inference looks at single columns.
 */
export function tieToUnit(
  builder: Builder,
  model: Model,
  unit: Model,
  unitFieldName: string,
  mayCombine: boolean,
  dice: Dice,
): void {
  const required = dice.chance(0.85);
  const id = identity(unit)!;
  const field = builder.field(model, unitFieldName, id.type, dice, { required });
  model.unitField = field;
  const composite = mayCombine && compositeKey(unit) && dice.chance(0.5);
  const fields = composite ? [model.tenantField!, field] : [field];
  const references = composite ? [unit.tenantField!, id] : [id];
  builder.relation(model, "unit", fields, unit, references);
  if (dice.chance(0.5)) builder.key(model, "index", [field]);
}
