import type { Application, Field, Model, Style } from "../application.js";
import { Dice } from "../dice.js";
import { identity } from "../ownership.js";
import type { ModelPlan, Plan, PlannedRole } from "../plan.js";
import { type KeyType, keyTypes, textType } from "../scalars.js";
import { fieldNames, globalNames, modelNames, unitNames } from "../words.js";
import { Builder } from "./builder.js";
import { rollFrame, rollStyle } from "./frame.js";
import {
  addPlainFields,
  addRelations,
  startIgnored,
  startShared,
  startStranger,
  startView,
  startWithId,
  tieJoin,
  tieSpecial,
} from "./others.js";
import { registryOf } from "./registry.js";
import { fillRows } from "./rows.js";
import { finishScoped, startScoped } from "./scoped.js";
import { tieToUnit } from "./sub-scoped.js";

/** Builds the sound application of a plan: no rule has anything to say of it. */
export function buildApplication(plan: Plan): Application {
  const dice = new Dice(plan.seed);
  const { frame, tenantName, enumName } = rollFrame(dice);
  const builder = new Builder(frame);
  const style: Style = rollStyle(dice);
  const tenant = builder.model("tenant", tenantName, dice);
  const tenantKey = keyOfTenant(builder, tenant, dice);
  const [unitName, unitStem] = dice.pick(unitNames);
  const unitFieldName = `${unitStem}Id`;
  const plans = withEnoughSubScoped(plan.models);
  const hasUnit = plans.some(({ role }) => role === "sub-scoped");
  const unit = hasUnit ? builder.model("unit", unitName, dice) : undefined;
  if (unit) startScoped(builder, unit, tenantKey, dice, { isUnit: true });

  const names = { model: dice.shuffle(modelNames), global: dice.shuffle(globalNames) };
  const made = plans.map((each, index) => {
    const own = new Dice(each.seed);
    const model = builder.model(each.role, names[each.role === "global" ? "global" : "model"].pop()!, own);
    const isFit = start(builder, model, tenant, tenantKey, own, index < 2);
    if (isFit && unit && model.role === "sub-scoped") {
      tieToUnit(builder, model, unit, unitFieldName, style.units === "config", own);
    }
    if (!isFit) builder.models.splice(builder.models.indexOf(model), 1);
    return { model, own, rows: each.rows, isFit };
  });
  const whole = [...(unit ? [{ model: unit, own: dice, rows: 3, isFit: true }] : []), ...made].filter(
    ({ isFit }) => isFit,
  );
  for (const { model, own } of whole) {
    if (model.role !== "join" && model.role !== "view") addPlainFields(builder, model, own, fieldNames);
    if (isFreeToRelate(model)) addRelations(builder, model, own);
  }
  for (const { model, own } of whole) {
    if (["scoped", "sub-scoped", "unit"].includes(model.role)) {
      finishScoped(builder, model, tenant, tenantKey, own);
    }
  }
  relateTenant(builder, tenant, dice);
  if (plan.relationMode === "prisma") dropConstraints(builder.models);
  const application: Application = {
    tenant,
    tenantKey,
    tenantFieldName: frame.tenantFieldName,
    unit,
    unitFieldName,
    models: builder.models,
    relationMode: plan.relationMode,
    schemas: frame.schemas,
    defaultSchema: frame.defaultSchema,
    enumName,
    registry: registryOf(builder.models, dice),
    style,
  };
  fillRows(application, new Map(whole.map(({ model, rows }) => [model, rows])), plan.tenants, dice);
  return application;
}

/** One sub-scoped model alone is too little to say what the unit is; two are clear. */
function withEnoughSubScoped(plans: readonly ModelPlan[]): readonly ModelPlan[] {
  const only = plans.filter(({ role }) => role === "sub-scoped");
  return only.length === 1 ? [...plans, { ...only[0]!, seed: only[0]!.seed ^ 0x5eed }] : plans;
}

function start(
  builder: Builder,
  model: Model,
  tenant: Model,
  key: Field,
  dice: Dice,
  isFirst: boolean,
): boolean {
  switch (model.role as PlannedRole) {
    case "scoped":
    case "sub-scoped":
      startScoped(builder, model, key, dice, { isNamedOtherwise: !isFirst && dice.chance(0.05) });
      return true;
    case "special":
      startWithId(builder, model, dice);
      return tieSpecial(builder, model, tenant, key, dice);
    case "shared":
      startShared(builder, model, tenant, key, dice);
      return true;
    case "global":
      startWithId(builder, model, dice);
      return true;
    case "view":
      return startView(builder, model, dice);
    case "ignored":
      startIgnored(builder, model, tenant, key, dice);
      return true;
    case "join":
      return tieJoin(builder, model, dice);
    case "stranger":
      startStranger(builder, model, dice);
      return true;
  }
}

function isFreeToRelate({ role }: Model): boolean {
  return ["scoped", "sub-scoped", "unit", "special", "shared", "global"].includes(role);
}

/** The tenants' own key; now and then tenant columns hold a slug instead. */
function keyOfTenant(builder: Builder, tenant: Model, dice: Dice): Field {
  const type = keyTypes[builder.frame.keyType as KeyType];
  const id = builder.field(tenant, "id", type, dice);
  builder.key(tenant, "id", [id]);
  builder.field(tenant, "name", textType, dice);
  if (!dice.chance(0.1)) return id;
  const slug = builder.field(tenant, "slug", keyTypes.text, dice);
  builder.key(tenant, "unique", [slug]);
  return slug;
}

/** Relations that a tenant's own row holds: to another tenant, to a global model, to a row of its own. */
function relateTenant(builder: Builder, tenant: Model, dice: Dice): void {
  const id = tenant.fields[0]!;
  if (dice.chance(0.1)) {
    const parent = builder.field(tenant, "parentId", id.type, dice, { required: false });
    builder.relation(tenant, "parent", [parent], tenant, [id]);
  }
  const targets = builder.models.filter(
    (model) => (model.role === "global" || model.role === "scoped") && identity(model),
  );
  const target = dice.chance(0.2) ? dice.pickMaybe(targets) : undefined;
  if (target) builder.pointAt(tenant, target, dice, { required: false });
}

function dropConstraints(models: readonly Model[]): void {
  for (const model of models) {
    model.relations = model.relations.filter(({ declared }) => declared);
    for (const relation of model.relations) relation.constraint = undefined;
  }
}
