import type { Application, Model } from "../application.js";
import { type Expected, relationRows, tenantRows } from "../expected.js";
import { identity } from "../ownership.js";
import { keyTypes, textType } from "../scalars.js";
import type { Fault, Ground, Variant } from "./ground.js";
import { addField, addKey, addTable } from "./parts.js";
import { claimsOf, hasUsualName, isScopedTable } from "./sites.js";

const rule = "db/unmapped-table";

/** A table with a name that the application gives its tenant columns. */
function addUnmapped(ground: Ground): Model | undefined {
  const { application, dice } = ground;
  const like = ground.take(
    ground.models.filter((each) => isScopedTable(each) && hasUsualName(ground, each)),
    (model) => [{ model, part: "way", isShared: true }],
  );
  if (!like) return undefined;
  const schema = dice.pick(schemasOf(application));
  const model = addTable(
    ground,
    "unmapped",
    schema,
    ground.name(dice.pick(["legacy", "Old Things", "tmp_copy"])),
  );
  if (dice.chance(0.7)) {
    const id = addField(ground, model, "id", keyTypes.int);
    addKey(ground, model, "id", [id], { inSchema: false });
  }
  const { type, column } = like.tenantField!;
  model.tenantField = addField(ground, model, like.tenantField!.name, type, { column });
  addField(ground, model, "payload", textType, { required: false });
  return model;
}

function schemasOf({ schemas, defaultSchema }: Application): readonly string[] {
  return schemas.length ? schemas : [defaultSchema];
}

function finding(model: Model): Expected {
  const { schema, table } = model;
  return { rule, subject: { schema, table, column: model.tenantField!.column } };
}

function tie(ground: Ground, model: Model): void {
  const { tenant, tenantKey } = ground.application;
  const constraint = { name: ground.name("tie"), state: "valid" as const };
  model.relations.push({
    ...{ name: "tenant", fields: [model.tenantField!], target: tenant, references: [tenantKey] },
    ...{ declared: false, constraint },
  });
}

/** Rows of real tenants; with or without a foreign key, an index, a model in a comment. */
const plain: Variant = (ground) => {
  const model = addUnmapped(ground);
  if (!model) return undefined;
  if (ground.dice.chance(0.4)) tie(ground, model);
  if (ground.dice.chance(0.4)) addKey(ground, model, "index", [model.tenantField!], { inSchema: false });
  if (ground.dice.chance(0.5)) {
    const isLine = ground.dice.chance(0.5);
    model.commentedOut = isLine ? "line" : "block";
  }
  for (let left = ground.dice.below(8); left > 0; left -= 1) ground.rows.addAny(model);
  return [finding(model)];
};

/** Partitioned: its partitions are no tables of their own. */
const partitioned: Variant = (ground) => {
  const model = addUnmapped(ground);
  if (!model) return undefined;
  model.keys = [];
  const names = [0, 1].map(() => ground.name("part"));
  model.partitioning = { by: ground.dice.pick(["hash", "list"]), column: model.tenantField!, names };
  for (let left = ground.dice.below(8); left > 0; left -= 1) ground.rows.addAny(model);
  return [finding(model)];
};

/** Rows of tenants that do not exist. */
const orphans: Variant = (ground) => {
  const model = addUnmapped(ground);
  if (!model) return undefined;
  const value = ground.application.tenantKey.type.value(ground.dice, 700_000_000);
  const owner = ground.rows.tenantsAtLeast(1)[0]!;
  const values = new Map([[model.tenantField!, value]]);
  const rows = ground.plant(model, owner, ground.count(), () => ({ values }));
  return [finding(model), tenantRows("db/orphan-rows", model, rows)];
};

/** Rows that point at another tenant's: the database alone knows the reference. */
const crossing: Variant = (ground) => {
  const parent = ground.take(
    ground.models.filter((each) => isScopedTable(each) && identity(each)),
    (model) => [{ model, part: "way", isShared: true }],
  );
  const model = parent && addUnmapped(ground);
  if (!model) return undefined;
  const key = identity(parent)!;
  const field = addField(ground, model, "parent", key.type, { required: false });
  const relation = {
    ...{ name: "parent", fields: [field], target: parent, references: [key], declared: false },
    constraint: { name: ground.name("fk"), state: "valid" as const },
  };
  model.relations.push(relation);
  ground.take([{ child: model, relation }], claimsOf);
  const rows = Array.from({ length: ground.count() }, () => {
    const [mine, others] = ground.dice.shuffle(ground.rows.tenantsAtLeast(2));
    const parents = new Map([[relation, ground.rows.add(parent, others!)]]);
    return ground.plant(model, mine!, 1, () => ({ parents }))[0]!;
  });
  return [finding(model), relationRows("db/cross-tenant-reference", model, relation, rows)];
};

export const unmappedTable: Fault = {
  rule,
  variants: [plain, plain, partitioned, orphans, crossing],
};
