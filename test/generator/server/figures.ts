import { spell } from "../fields.js";
import { capitalised } from "../words.js";
import { categoryNumbers } from "./input.js";
import { type Answer, type Call, leaks, type ServerState, tableOf } from "./state.js";
import { isInScope, type Scope, seenValues } from "./store.js";

/** `GET /stats`: how many rows of each resource, and sums of their numbers. */
export function stats(state: ServerState, _call: Call, scope: Scope): Answer {
  const { api } = state;
  const rowsOf = (singular: string, isOpen: boolean) =>
    tableOf(state, singular)
      .seen()
      .filter((row) => seenValues(row)?.deletedAt === undefined && (isOpen || isInScope(row, scope)));
  const isCountOpen = leaks(state, "isolation/aggregate", "counts of all tenants");
  const isSumOpen = leaks(state, "isolation/aggregate", "sum over all tenants");
  const counts = api.resources.map(({ singular, plural }) => [
    spell(api, plural),
    rowsOf(singular, isCountOpen).length,
  ]);
  const sums = api.resources.flatMap(({ singular, fields }) =>
    fields
      .filter(({ kind }) => kind === "number")
      .map(({ name }) => [
        spell(api, singular + capitalised(name)),
        rowsOf(singular, isSumOpen).reduce((sum, row) => sum + Number(seenValues(row)?.[name] ?? 0), 0),
      ]),
  );
  const stamp = api.noise.timestamps ? { [spell(api, "generatedAt")]: new Date().toISOString() } : {};
  return {
    status: 200,
    body: { counts: Object.fromEntries(counts), sums: Object.fromEntries(sums), ...stamp },
  };
}

/** What is the same for every tenant, by design. */
export function catalogue({ api }: ServerState): Answer {
  const { singular } = api.catalogue!;
  const rows = categoryNumbers.map((id) => ({
    id,
    name: `${singular} ${id}`,
    description: `Common ${singular} number ${id}`,
  }));
  return { status: 200, body: api.envelope === "array" ? rows : { items: rows } };
}
