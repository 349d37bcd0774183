/** A place in a file of the user's. `file` is the path as shown: relative to the working directory. */
export interface Location {
  readonly file: string;
  readonly line: number;
}

/** `/// tenantctl-ignore rule: reason` above a model or a field. */
export interface InlineSuppression extends Location {
  readonly rule: string;
  readonly reason: string;
  readonly until?: string;
}

/** A scalar or enum field, with its column. */
export interface Field {
  readonly name: string;
  readonly column: string;
  /** Prisma's scalar type (`String`, `BigInt`…) or the name of an enum. */
  readonly type: string;
  /** `["Uuid", []]`, `["VarChar", ["255"]]`, or null where the schema names none. */
  readonly nativeType: readonly [string, readonly string[]] | null;
  readonly isEnum: boolean;
  readonly isList: boolean;
  readonly isRequired: boolean;
  /** The value is made by Prisma or the database (uuid, cuid, sequence…), so nobody can guess or choose it. */
  readonly isGenerated: boolean;
  readonly location: Location;
  readonly suppressions: readonly InlineSuppression[];
}

/** A field with `@ignore`: a column that Prisma Client does not see. */
export interface IgnoredField {
  readonly name: string;
  readonly column: string;
  readonly location: Location;
}

/** The side of a relation that holds the foreign key. */
export interface Relation {
  readonly field: string;
  readonly fields: readonly string[];
  readonly target: string;
  readonly references: readonly string[];
  /** Every foreign key field is required: each row has such a parent. */
  readonly isRequired: boolean;
  /** Referential actions as Prisma applies them, its defaults included: `Cascade`, `SetNull`… */
  readonly onDelete: string;
  readonly onUpdate: string;
  /** The constraint's name where `map:` gives one. */
  readonly name?: string;
  readonly location: Location;
  /** Comments above it. */
  readonly suppressions: readonly InlineSuppression[];
}

export type KeyKind = "id" | "unique" | "index";

/** A primary key, unique key or index that the schema declares. */
export interface Key {
  readonly kind: KeyKind;
  readonly fields: readonly string[];
  readonly name?: string;
  /** `Hash`, `Gin`…; undefined is a B-tree. */
  readonly algorithm?: string;
  readonly isPartial: boolean;
  /** Fields of it that are sorted downwards. */
  readonly descending: readonly string[];
  /** It names operator classes of its own. */
  readonly hasOperatorClasses: boolean;
  readonly location: Location;
  /** Comments above its `@@` line; of a key of one field, those above the field. */
  readonly suppressions: readonly InlineSuppression[];
}

export interface Model {
  readonly name: string;
  readonly kind: "model" | "view";
  readonly table: string;
  /** The PostgreSQL schema of `@@schema`, or null: the connection's default. */
  readonly schema: string | null;
  readonly fields: readonly Field[];
  /** Of fields of every kind: names that are taken. */
  readonly fieldNames: readonly string[];
  readonly ignoredFields: readonly IgnoredField[];
  readonly relations: readonly Relation[];
  readonly keys: readonly Key[];
  readonly location: Location;
  readonly suppressions: readonly InlineSuppression[];
}

/** A model with `@@ignore`: a table that Prisma Client does not see. */
export interface IgnoredModel {
  readonly name: string;
  readonly table: string;
  readonly schema: string | null;
  readonly location: Location;
}

/** The hidden table of an implicit many-to-many relation: columns `A` and `B`. */
export interface JoinTable {
  readonly table: string;
  readonly schema: string | null;
  readonly a: string;
  readonly b: string;
  /** Comments above the lists on either side. */
  readonly suppressions: readonly InlineSuppression[];
}

export interface PrismaSchema {
  readonly files: readonly string[];
  readonly provider: string;
  /** `prisma` means that the database holds no foreign keys, by design. */
  readonly relationMode: "foreignKeys" | "prisma";
  /** Name of the environment variable in `url = env("…")`, for schemas up to Prisma 6. */
  readonly urlVariable?: string;
  /** `schemas = [...]` of the datasource; empty where it is not used. */
  readonly schemas: readonly string[];
  readonly models: readonly Model[];
  readonly ignoredModels: readonly IgnoredModel[];
  readonly joinTables: readonly JoinTable[];
  /** Malformed or outdated suppressions and the like: worth saying, not worth failing. */
  readonly notes: readonly string[];
}
