import type { Field, Key, Model, Relation, Role } from "../application.js";
import type { Dice } from "../dice.js";
import { compositeKey, identity } from "../ownership.js";
import { type KeyType, keyTypes, kinOf, type Scalar } from "../scalars.js";
import { databaseName, lowerFirst, type NameStyle, rollNameStyle, snakeCase } from "../words.js";

/** What holds for the whole application and is settled before its models. */
export interface Frame {
  readonly keyType: KeyType;
  readonly tableStyle: NameStyle;
  readonly columnStyle: NameStyle;
  readonly modelCase: "pascal" | "snake" | "upper";
  readonly schemas: readonly string[];
  readonly defaultSchema: string;
  readonly tenantFieldName: string;
  readonly tenantColumn: string;
  readonly enumType: Scalar;
}

/** Makes models and their parts, with names that do not collide. */
export class Builder {
  readonly models: Model[] = [];
  private readonly taken = new Set<string>();
  private made = 0;

  constructor(readonly frame: Frame) {}

  model(role: Role, word: string, dice: Dice): Model {
    const { frame } = this;
    const name =
      frame.modelCase === "pascal"
        ? word
        : frame.modelCase === "snake"
          ? snakeCase(word)
          : snakeCase(word).toUpperCase();
    const schema = frame.schemas.length ? dice.pick(frame.schemas) : frame.defaultSchema;
    const style = dice.chance(0.75) ? frame.tableStyle : rollNameStyle(dice);
    const model: Model = {
      name,
      role,
      schema,
      table: this.tableName(name, style, dice),
      inDatabase: true,
      fields: [],
      keys: [],
      relations: [],
      tenantField: undefined,
      unitField: undefined,
      ...(dice.chance(0.05) && !["view", "join"].includes(role) ? { hasRowSecurity: true } : {}),
      rows: [],
    };
    this.models.push(model);
    return model;
  }

  /** Now and then longer than PostgreSQL keeps. */
  private tableName(name: string, style: NameStyle, dice: Dice): string {
    const table = this.free(databaseName(name, style, this.models.length, dice));
    return style === "long" && dice.chance(0.3) ? `${table}${dice.pick(["_and_more", "🏢 és"])}` : table;
  }

  /** A name for a table, an index or a constraint that nothing else in the database has, in any case. */
  free(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.taken.has(name.toLowerCase()); number += 1) name = `${wanted} ${number}`;
    this.taken.add(name.toLowerCase());
    return name;
  }

  field(
    model: Model,
    wanted: string,
    type: Scalar,
    dice: Dice,
    more: Partial<Pick<Field, "required" | "column" | "default" | "isPerTenant">> = {},
  ): Field {
    const name = freeField(model, wanted);
    const required = more.required ?? true;
    const style = dice.chance(0.85) ? this.frame.columnStyle : rollNameStyle(dice);
    const column = more.column ?? databaseName(name, style, model.fields.length, dice);
    const isTenants = more.column === undefined && column === this.frame.tenantColumn;
    const isTaken = isTenants || (namesIn(model).has(column.toLowerCase()) && column !== name);
    const field: Field = {
      name,
      column: isTaken ? `${name}_${model.fields.length}c` : column,
      type,
      required,
      notNull: required && !type.isList,
      ...(more.default === undefined ? {} : { default: more.default }),
      ...(more.isPerTenant ? { isPerTenant: true } : {}),
      inSchema: true,
      inDatabase: true,
    };
    model.fields.push(field);
    return field;
  }

  key(model: Model, kind: Key["kind"], fields: readonly Field[], more: Partial<Key> = {}): Key {
    this.made += 1;
    const suffix = { id: "pkey", unique: "key", index: "idx" }[kind];
    const key = {
      kind,
      name: this.free(`t${this.made}_${suffix}`),
      fields,
      inSchema: true,
      inDatabase: true,
    };
    const whole = { ...key, ...more };
    model.keys.push(whole);
    return whole;
  }

  /** A relation over fields that are there already. */
  relation(
    child: Model,
    name: string,
    fields: readonly Field[],
    target: Model,
    references: readonly Field[],
    more: Partial<Pick<Relation, "isOneToOne" | "declared">> = {},
  ): Relation {
    this.made += 1;
    const constraint = { name: `fk ${this.made}`, state: "valid" as const };
    const relation = { name: freeField(child, name), fields, target, references, declared: true, constraint };
    const whole: Relation = { ...relation, ...more };
    child.relations.push(whole);
    return whole;
  }

  /**
   * Points a child at a target by whatever key the target has: its own id, or its id together with the tenant
   * that both hold. Undefined where there is no such key.
   */
  pointAt(
    child: Model,
    target: Model,
    dice: Dice,
    { required }: { required: boolean },
  ): Relation | undefined {
    const single = identity(target);
    const composite = child.tenantField?.required ? compositeKey(target) : undefined;
    const useComposite = composite && (single === undefined || dice.chance(0.5));
    const key = useComposite ? composite.other : single;
    if (!key) return undefined;
    const name = freeField(child, dice.chance(0.2) ? `the${target.name}` : lowerFirst(target.name));
    const type = kinOf(key.type, dice);
    const field = this.field(child, `${name}${dice.pick(["Id", "_id", "Ref"])}`, type, dice, { required });
    const pairs: (readonly [Field, Field])[] = [[field, key]];
    if (useComposite) pairs.splice(dice.below(2), 0, [child.tenantField!, target.tenantField!]);
    const [fields, references] = [pairs.map(([left]) => left), pairs.map(([, right]) => right)];
    const relation = this.relation(child, name, fields, target, references);
    if (useComposite && dice.chance(0.3)) relation.constraint!.isReversed = true;
    return relation;
  }

  idType(dice: Dice): Scalar {
    return dice.chance(0.8)
      ? keyTypes[this.frame.keyType]
      : keyTypes[dice.pick(Object.keys(keyTypes) as KeyType[])];
  }
}

function freeField(model: Model, wanted: string): string {
  let name = wanted;
  for (let number = 2; namesIn(model).has(name.toLowerCase()); number += 1) name = `${wanted}${number}`;
  return name;
}

/** Fields, columns and relations: Prisma keeps them apart from each other, and so do we, in any case. */
function namesIn({ fields, relations }: Model): Set<string> {
  const names = [
    ...fields.flatMap(({ name, column }) => [name, column]),
    ...relations.map(({ name }) => name),
  ];
  return new Set(names.map((name) => name.toLowerCase()));
}
