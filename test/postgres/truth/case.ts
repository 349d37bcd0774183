import type { RuleId } from "../../../src/findings/rules.js";
import type { Application } from "./application.js";
import { buildApplication } from "./build/application.js";
import type { Expected } from "./expected.js";
import { plantFaults } from "./faults/index.js";
import type { Plan } from "./plan.js";
import { registryPath, renderRegistry } from "./render/registry.js";
import { renderSchema, schemaPath } from "./render/schema.js";
import { renderSql, renderSurroundings, type Script } from "./render/sql.js";

/** One application, written out, and all that an audit of it has to find. */
export interface Case {
  readonly application: Application;
  readonly files: Readonly<Record<string, string>>;
  readonly script: Script;
  readonly surroundings: string;
  readonly expected: readonly Expected[];
  /** Its config has to be named, whatever its style. */
  readonly configures?: boolean;
}

/** Builds the application of a plan, plants its faults, and writes all of it out. Pure. */
export function buildCase(plan: Plan, serverVersion: number): Case {
  const application = buildApplication(plan);
  const expected = plantFaults(application, plan.faults, serverVersion);
  return {
    application,
    files: {
      ...renderSchema(application),
      ...renderRegistry(application),
      ...renderConfig(application),
    },
    script: renderSql(application),
    surroundings: renderSurroundings(application),
    expected,
  };
}

/** Options of the command line: what is said of the tenant, and where everything is. */
export function argumentsOf(
  { application, configures = false }: Pick<Case, "application" | "configures">,
  tenant: Application["style"]["said"],
): string[] {
  const { style, unit, tenant: model } = application;
  return [
    "audit",
    ...["--schema", schemaPath(application), "--registry", registryPath(application)],
    ...(tenant === "both" || tenant === "model" ? ["--tenant-model", model.name] : []),
    ...(tenant === "both" || tenant === "column" ? ["--tenant-column", tenantColumn(application)] : []),
    ...(configures || (unit && style.units === "config") ? ["--config", configFile] : []),
    ...(style.isDeep ? ["--deep"] : []),
    ...["--jobs", String(style.jobs), "--url", "env:TRUTH_URL", "--fail-on", "warning"],
  ];
}

/** The field's name, or the column's where all models have the same. */
function tenantColumn({ models, tenantFieldName, style }: Application): string {
  const named = models.flatMap(({ tenantField }) => (tenantField ? [tenantField] : []));
  const columns = new Set(named.filter(({ name }) => name === tenantFieldName).map(({ column }) => column));
  return columns.size === 1 && style.jobs === 2 ? [...columns][0]! : tenantFieldName;
}

/** The same case with a rule switched off in its config. */
export function without(each: Case, rule: RuleId): Case {
  const text = each.files[configFile];
  const config = { ...(text === undefined ? {} : JSON.parse(text)), rules: { [rule]: "off" } };
  return { ...each, files: { ...each.files, [configFile]: JSON.stringify(config) }, configures: true };
}

const configFile = "tenantctl.config.json";

/** Sub-scopes can't be named on the command line. */
function renderConfig({ unit, unitFieldName, style }: Application): Record<string, string> {
  if (!unit || style.units !== "config") return {};
  const subScopes = [{ model: unit.name, column: unitFieldName }];
  return { [configFile]: JSON.stringify({ tenant: { subScopes } }, undefined, 2) };
}
