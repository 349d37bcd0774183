import type { GeneratedApi, Resource } from "../description.js";
import { drawValue, newId } from "../fields.js";
import type { Random } from "../random.js";

/** What a request may see; `every` is a query without a condition. */
export interface Scope {
  readonly tenant: string;
  /** The unit inside the tenant, where the API has units. */
  readonly unit: string | undefined;
  /** Where what is created ends up, if it is not here: only a leak tells the two apart. */
  readonly stampedAs?: { readonly tenant: string; readonly unit: string | undefined };
}

export const everyTenant = "every";
export type Values = Readonly<Record<string, unknown>>;

export interface Row {
  readonly id: string | number;
  tenant: string;
  unit: string | undefined;
  readonly parent: Row | undefined;
  /** Oldest first; without values it is deleted. Reads see what is old enough, writes the newest. */
  versions: { readonly from: number; readonly values: Values | undefined }[];
}

/** Rows of one resource, in memory. */
export class Table {
  readonly #rows: Row[] = [];

  constructor(
    readonly resource: Resource,
    private readonly lag: number,
    private readonly random: Random,
  ) {}

  insert(scope: Scope, parent: Row | undefined, values: Values, isOld = false): Row {
    const { idKind, singular, isUnitScoped } = this.resource;
    const isCountedAlone = idKind === "tenant-serial";
    const number = this.#rows.filter(({ tenant }) => !isCountedAlone || tenant === scope.tenant).length;
    const row: Row = {
      id: newId(idKind, singular, number, this.random),
      tenant: scope.tenant,
      unit: isUnitScoped ? scope.unit : undefined,
      parent,
      versions: [{ from: isOld ? 0 : Date.now() + this.lag, values }],
    };
    this.#rows.push(row);
    return row;
  }

  /** Deletes where no values are given. */
  write(row: Row, values: Values | undefined): void {
    row.versions.push({ from: Date.now() + this.lag, values });
  }

  /** Rows that reads see, in the order of their creation. */
  seen(): Row[] {
    return this.#rows.filter((row) => seenValues(row) !== undefined);
  }

  /** Rows that are there, seen or not yet. */
  present(): Row[] {
    return this.#rows.filter((row) => newestValues(row) !== undefined);
  }
}

export function seenValues({ versions }: Row): Values | undefined {
  const now = Date.now();
  return versions.findLast(({ from }) => from <= now)?.values;
}

export function newestValues({ versions }: Row): Values | undefined {
  return versions.at(-1)?.values;
}

export function isInScope(row: Row, { tenant, unit }: Scope): boolean {
  if (tenant !== everyTenant && row.tenant !== tenant) return false;
  return unit === undefined || row.unit === undefined || row.unit === unit;
}

/** The tables of an API, each filled with a few rows of each tenant and unit. */
export function filledTables(
  api: GeneratedApi,
  scopes: readonly Scope[],
  random: Random,
): Map<string, Table> {
  const tables = new Map<string, Table>();
  for (const resource of api.resources) {
    const table = new Table(resource, api.noise.lag, random);
    tables.set(resource.singular, table);
    for (let number = 0; number < resource.rowsPerTenant; number += 1)
      for (const scope of scopes) seed(api, tables, table, scope, random);
  }
  return tables;
}

function seed(
  api: GeneratedApi,
  tables: Map<string, Table>,
  table: Table,
  scope: Scope,
  random: Random,
): void {
  const { resource } = table;
  const owned = (singular: string) =>
    tables
      .get(singular)!
      .present()
      .filter((row) => isInScope(row, scope));
  const values: Record<string, unknown> = { status: "open" };
  for (const field of resource.fields) {
    if (field.kind === "reference") values[field.name] = random.pick(owned(field.target!)).id;
    else if (field.kind === "references")
      values[field.name] = random.some(owned(field.target!), 2).map(({ id }) => id);
    else values[field.name] = drawValue(field, random, api.noise.misleadingData && random.chance(0.5));
  }
  if (resource.hasCategory) values.categoryId = random.between(1, 3);
  const parent = resource.parent && random.pick(owned(resource.parent.singular));
  table.insert(scope, parent, values, true);
}
