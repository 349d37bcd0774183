import type { Snapshot } from "../../adapters/postgres/snapshot.js";
import { fillSql, readSql } from "../../adapters/sql-file.js";
import type { Audited } from "../../database/index.js";
import type { ClockPoint } from "./creation.js";
import { maybe } from "./read-server.js";
import type { KnownIndex } from "./types.js";

/** What tells how old indexes are: commit times where the server keeps them, and Prisma's own migrations. */
export async function readAges(
  snapshot: Snapshot,
  { catalog, application }: Audited,
  indexes: readonly KnownIndex[],
  tracksCommits: boolean,
): Promise<{ commitTimes: Map<string, number>; clock: ClockPoint[] }> {
  const ids = [indexes.map(({ id }) => id)];
  const migrations = catalog.tables.find(
    ({ name, schema, hidden }) =>
      name === "_prisma_migrations" && schema === application.defaultSchema && hidden === undefined,
  );
  const [commits, bounds] = await Promise.all([
    tracksCommits
      ? maybe(snapshot.query<{ id: string; at: Date }>(readSql("indexes/commit-times"), ids))
      : undefined,
    migrations
      ? maybe(
          snapshot.query<{ age: number; at: Date }>(
            fillSql(readSql("indexes/creation-bounds"), { identifiers: { schema: migrations.schema } }),
          ),
        )
      : undefined,
  ]);
  return {
    commitTimes: new Map(commits?.map(({ id, at }) => [id, at.getTime()])),
    clock: bounds?.map(({ age, at }) => ({ age, at: at.getTime() })) ?? [],
  };
}
