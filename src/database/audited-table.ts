import type { JoinTable, RegisteredModel } from "../registry/index.js";
import { storedName } from "./application.js";
import type { CatalogColumn, CatalogTable } from "./catalog/types.js";

/** A table as database and schema together describe it. */
export interface AuditedTable {
  readonly table: CatalogTable;
  readonly registered: RegisteredModel | undefined;
  /** Set for the hidden table of an implicit many-to-many relation. */
  readonly joinTable: JoinTable | undefined;
  /** No model, ignored model or relation of the schema stands for it. */
  readonly isUnmapped: boolean;
  readonly isTenant: boolean;
  /** Its own tenant column, where both sides have one. */
  readonly tenantColumn: CatalogColumn | undefined;
  /** The rules of scoped tables hold: it is a table with a tenant column that no category exempts. */
  readonly isScoped: boolean;
}

/** Its rows can be asked: a table, or what stands in the database for a model (a view, a foreign table). */
export function isReadable({ table, registered }: AuditedTable): boolean {
  return table.kind === "table" || table.kind === "partitioned" || registered?.model.kind === "model";
}

/** Why a question can't be asked: the first of the tables it reads that the role can't read whole. */
export function hiddenReason(read: readonly AuditedTable[]): string | undefined {
  const hidden = read.find(({ table }) => table.hidden !== undefined)?.table;
  return hidden && `${hidden.schema}.${hidden.name}: ${hidden.hidden}`;
}

/** A column by the name that the schema gives it. */
export function columnNamed(table: CatalogTable, name: string): CatalogColumn | undefined {
  const stored = storedName(name);
  return table.columns.find((column) => column.name === stored);
}

/** Subject keys that name a table, and where the schema has it: the field of a column, else the model. */
export function tableSubject({ table, registered }: AuditedTable, column?: string) {
  const field = registered?.model.fields.find((each) => storedName(each.column) === column);
  const place = field?.location ?? registered?.model.location;
  return { model: registered?.model.name, schema: table.schema, table: table.name, ...place };
}
