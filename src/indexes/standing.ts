import type { Session } from "../adapters/postgres/connect.js";
import { readSql } from "../adapters/sql-file.js";
import { type Shape, shapeOf } from "./shape.js";

/** What stands under a name. */
export interface Standing {
  readonly id: string;
  /** `pg_class.relkind`: `i` an index, `I` a partitioned one, else no index. */
  readonly kind: string;
  readonly tableId: string | null;
  readonly tableSchema: string | null;
  readonly table: string | null;
  readonly isValid: boolean;
  readonly isReady: boolean;
  readonly isUnique: boolean;
  /** Valid, and yet no transaction older than it may use it (`indcheckxmin`). */
  readonly waitsForSnapshots: boolean;
  readonly isReplicaIdentity: boolean;
  /** What builds it again. */
  readonly definition: string | null;
  readonly shape: Shape | null;
  readonly bytes: number;
  /** Constraints that it backs, foreign keys that need it. */
  readonly constraints: string | null;
  readonly attachedTo: string | null;
  /** The server process that builds it right now. */
  readonly builtBy: number | null;
}

interface StandingRow {
  id: string;
  kind: string;
  table_id: string | null;
  table_schema: string | null;
  table_name: string | null;
  is_valid: boolean;
  is_ready: boolean;
  is_unique: boolean;
  waits_for_snapshots: boolean;
  is_replica_identity: boolean;
  definition: string | null;
  bytes: string;
  constraints: string | null;
  attached_to: string | null;
  built_by: number | null;
}

/** What stands under a name of a schema; undefined where it is free. */
export async function readStanding(
  session: Session,
  { schema, name }: { readonly schema: string; readonly name: string },
): Promise<Standing | undefined> {
  const [row] = await session.query<StandingRow>(readSql("indexes/standing"), [schema, name]);
  if (!row) return undefined;
  return {
    id: row.id,
    kind: row.kind,
    tableId: row.table_id,
    tableSchema: row.table_schema,
    table: row.table_name,
    isValid: row.is_valid,
    isReady: row.is_ready,
    isUnique: row.is_unique,
    waitsForSnapshots: row.waits_for_snapshots,
    isReplicaIdentity: row.is_replica_identity,
    definition: row.definition,
    shape: row.definition === null ? null : shapeOf(row.definition),
    bytes: Number(row.bytes),
    constraints: row.constraints,
    attachedTo: row.attached_to,
    builtBy: row.built_by,
  };
}
