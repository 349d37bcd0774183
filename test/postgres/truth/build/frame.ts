import type { RegistrySpelling, Style } from "../application.js";
import type { Dice } from "../dice.js";
import { enumType, type KeyType } from "../scalars.js";
import { databaseName, rollNameStyle, tenantFieldName, tenantNames } from "../words.js";
import type { Frame } from "./builder.js";

/** What all models of an application have in common. */
export function rollFrame(dice: Dice): { frame: Frame; tenantName: string; enumName: string } {
  const [tenantName, stems] = dice.pick(tenantNames);
  const fieldName = tenantFieldName(dice.pick(stems), dice);
  const columnStyle = dice.chance(0.5) ? "plain" : rollNameStyle(dice);
  const schemas = dice.chance(0.25)
    ? dice.pick([
        ["public", "crm"],
        ["core", "Billing"],
        ["a b", "public", "c"],
      ])
    : [];
  const defaultSchema = schemas.length
    ? "public"
    : dice.pick(["public", "public", "public", "app", "My App"]);
  const enumName = "Lifecycle";
  const enumSchema = schemas[0] ?? defaultSchema;
  const frame: Frame = {
    keyType: dice.weigh<KeyType>({ int: 3, bigint: 2, uuid: 3, text: 3, varchar: 1 }),
    tableStyle: rollNameStyle(dice),
    columnStyle,
    modelCase: dice.weigh({ pascal: 7, snake: 2, upper: 0.5 }),
    schemas,
    defaultSchema,
    tenantFieldName: fieldName,
    tenantColumn: databaseName(fieldName, columnStyle, 0, dice),
    enumType: enumType(enumName, `"${enumSchema}"."${enumName}"`),
  };
  return { frame, tenantName, enumName };
}

export function rollStyle(dice: Dice): Style {
  return {
    schemaFiles: dice.weigh({ one: 7, folder: 3 }),
    datasource: dice.weigh({ url: 5, bare: 5 }),
    registry: dice.weigh<RegistrySpelling>({
      arrays: 4,
      sets: 1,
      spreads: 1,
      defineRegistry: 2,
      commonjs: 1,
      imported: 1,
      modelName: 1,
      enum: 0.5,
      computed: 0.5,
    }),
    said: dice.weigh({ both: 6, model: 1, column: 1, nothing: 2 }),
    units: dice.pick(["config", "inference"]),
    statistics: dice.pick(["none", "analyze", "vacuum"]),
    isDeep: dice.chance(0.2),
    jobs: dice.pick([1, 2, 4, 4]),
    seed: dice.seed(),
  };
}
