import type { Scalar, Value } from "./scalars.js";

/**
 * An application as its author knows it: one description from which Prisma schema, registry, DDL and rows
 * are written. Every part says whether the schema has it and whether the database has it, so that a fault is
 * the change of a single flag. Nothing here comes from the product.
 */
export interface Application {
  readonly tenant: Model;
  /** The column of the tenants' table that tenant columns hold: its id, or a unique slug. */
  readonly tenantKey: Field;
  /** Name of the field that points at the tenant, in all models but those that name it otherwise. */
  readonly tenantFieldName: string;
  readonly unit: Model | undefined;
  readonly unitFieldName: string;
  /** Every table, view and model, the tenant first. */
  readonly models: Model[];
  readonly relationMode: "foreignKeys" | "prisma";
  /** PostgreSQL schemas of the datasource; empty where it names none. */
  readonly schemas: readonly string[];
  /** Of models without `@@schema`: `?schema=` of the URL, or `public`. */
  readonly defaultSchema: string;
  readonly enumName: string;
  readonly registry: RegistryEntry[];
  readonly style: Style;
}

/** How things are written and run; no style makes a finding. */
export interface Style {
  readonly schemaFiles: "one" | "folder";
  readonly datasource: "url" | "bare";
  readonly registry: RegistrySpelling;
  /** What of the tenant the command line says; the rest is inferred. */
  readonly said: "both" | "model" | "column" | "nothing";
  /** Where sub-scopes come from. */
  readonly units: "config" | "inference";
  readonly statistics: "none" | "analyze" | "vacuum";
  readonly isDeep: boolean;
  readonly jobs: number;
  readonly seed: number;
}

export type RegistrySpelling =
  | "arrays"
  | "sets"
  | "spreads"
  | "defineRegistry"
  | "commonjs"
  | "imported"
  | "modelName"
  | "enum"
  | "computed";

export type Category = "tenant-scoped" | "sub-scoped" | "global" | "special";

export interface RegistryEntry {
  readonly category: Category;
  readonly name: string;
}

/**
 * What a table is to the tenants.
 *
 * - `shared` has a tenant column in which null means "everybody's": a special model
 * - `join` is the hidden table of an implicit many-to-many relation
 * - `ignored` is a model with `@@ignore`
 * - `unmapped` is a table with the tenant column and no model; `stranger` has neither
 */
export type Role =
  | "tenant"
  | "unit"
  | "scoped"
  | "sub-scoped"
  | "special"
  | "shared"
  | "global"
  | "view"
  | "ignored"
  | "join"
  | "unmapped"
  | "stranger";

export interface Model {
  readonly name: string;
  role: Role;
  /** PostgreSQL schema and bare name of the table. */
  schema: string;
  table: string;
  /** Where the database's name for it is another one. */
  databaseTable?: string;
  inDatabase: boolean;
  fields: Field[];
  keys: Key[];
  relations: Relation[];
  tenantField: Field | undefined;
  unitField: Field | undefined;
  partitioning?: { readonly by: "hash" | "list"; readonly column: Field; readonly names: readonly string[] };
  view?: { readonly of: Model; readonly isMaterialized: boolean };
  /** Policies hide its rows from others than the role that looks. */
  hasRowSecurity?: boolean;
  /** The model stands in the schema, in a comment of this kind. */
  commentedOut?: "line" | "block";
  rows: Row[];
}

export interface Field {
  readonly name: string;
  readonly column: string;
  type: Scalar;
  /** Type in the database, where it is another one. */
  databaseType?: string;
  required: boolean;
  /** `unproven` is NOT NULL NOT VALID. */
  notNull: boolean | "unproven";
  readonly default?: string;
  /** Counts from 1 in each tenant, so that it is no key by itself. */
  readonly isPerTenant?: boolean;
  inSchema: boolean;
  inDatabase: boolean;
}

export interface Key {
  readonly kind: "id" | "unique" | "index";
  readonly name: string;
  readonly fields: readonly Field[];
  readonly method?: "hash";
  /** In the schema alone: an index type that answers no equality. */
  schemaMethod?: "Brin";
  inSchema: boolean;
  inDatabase: boolean;
  /** In the database alone: `not null` leaves out rows without the column, `partial` others too. */
  predicate?: "not null" | "partial";
  /** In the database alone: over an expression of the first column. */
  isExpression?: boolean;
  include?: readonly Field[];
  isInvalid?: boolean;
  /** On each partition instead of on their parent; `but one` leaves the first partition out. */
  onPartitions?: "all" | "but one";
}

export interface Relation {
  /** Name of the field on the side that holds the key. */
  readonly name: string;
  readonly fields: readonly Field[];
  readonly target: Model;
  readonly references: readonly Field[];
  /** At most one row points at each parent. */
  isOneToOne?: boolean;
  /** The schema has it. */
  declared: boolean;
  /** The database's; undefined where it has none. */
  constraint: Constraint | undefined;
}

export interface Constraint {
  readonly name: string;
  state: "valid" | "not valid" | "not enforced";
  /** Where it points, if not at the relation's target. */
  elsewhere?: { readonly model: Model; readonly fields: readonly Field[] };
  /** On each partition instead of on their parent. */
  onPartitions?: boolean;
  areTriggersDisabled?: boolean;
  /** A composite key lists its columns the other way round than the schema does. */
  isReversed?: boolean;
}

export interface Row {
  /** The tenant's own row that it belongs to; null where it belongs to nobody. */
  readonly owner: Row | null;
  readonly values: Map<Field, Value>;
  /** A planted row is nobody's parent. */
  readonly isPlanted: boolean;
  /** Written past constraints, as a restore writes. */
  isLate?: boolean;
}
