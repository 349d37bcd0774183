import type { CheckOutcome } from "../findings/check.js";
import type { RowDifference, UnreadList } from "../isolation/index.js";
import { count } from "../render/words.js";

type Facts = CheckOutcome["facts"];
type Note = (text: string) => void;

const mostNamed = 4;

/**
 * What a run says beside its findings: what was not tried, what it left, and what is not as it was.
 *
 * @param samples whether customers' data, such as ids, may stand in it
 */
export function sayNotes(facts: Facts, samples: boolean, note: Note): void {
  sayLeft(facts, note);
  sayUntried(facts, note);
  sayDifferences(facts, samples, note);
  sayGuesses(facts, note);
  sayProof(facts, note);
}

/** Proof that can't be had again by copying would look like a false alarm. */
function sayProof({ created, matrix }: Facts, note: Note): void {
  const cells = Array.isArray(matrix) ? (matrix as readonly { outcome: string }[]) : [];
  if (typeof created !== "number" || created === 0 || !cells.some(({ outcome }) => outcome === "leaked"))
    return;
  note(
    "note: curl lines name objects that the check has deleted again: they show what was sent; put an object of the other tenant's in their place",
  );
}

/** Of one route alone nothing says what its parameters mean, nor where its objects are. */
function sayGuesses({ guessed, matrix }: Facts, note: Note): void {
  if (!Array.isArray(guessed)) return;
  note(
    `note: what names a tenant in a query is guessed (${few(guessed)}), and so is that objects stand below the route; an OpenAPI document would tell: --openapi`,
  );
  const untold = (matrix as readonly { label: string; outcome: string; reason?: string }[]).filter(
    ({ outcome }) => outcome === "not applicable",
  );
  if (untold.length === 0) return;
  const names = untold.map(({ label, reason }) => `${label} (${reason})`);
  note(`note: nothing is said of ${names.join(", ")}`);
}

/** A pass speaks of what was tried only. */
function sayUntried({ untried, leftOut }: Facts, note: Note): void {
  if (Array.isArray(leftOut) && leftOut.length > 0)
    note(`note: it only read: ${count(leftOut.length, "route")} to create, change or delete left out`);
  if (!Array.isArray(untried) || untried.length === 0) return;
  note(
    `note: not tried: ${count(untried.length, "route")}: ${few(untried)}; tenantctl isolation coverage judges them`,
  );
}

/** What could not be deleted again has to be known, by where it is. */
function sayLeft({ left }: Facts, note: Note): void {
  if (!Array.isArray(left) || left.length === 0) return;
  const numbers = new Map<string, number>();
  for (const each of left as string[]) {
    const collection = each.replace(/[/ ][^/ ]+$/, "");
    numbers.set(collection, (numbers.get(collection) ?? 0) + 1);
  }
  const parts = [...numbers].map(([collection, number]) => `${number} at ${collection}`).join(", ");
  note(
    `note: ${count(left.length, "created object")} still there, since the API can't delete them, or others refer to them: ${parts}; tenantctl isolation cleanup --dry-run names each`,
  );
}

/** Said before the first object is created, once. */
export function lastingNote(note: Note) {
  let isSaid = false;
  return (collections: readonly string[]) => {
    if (!isSaid)
      note(
        `note: the API has no way to delete what is created at ${collections.join(", ")}: it stays there. --read-only creates nothing; isolation.resources leaves a path out: { path: "${collections[0]}", skip: "…" }`,
      );
    isSaid = true;
  };
}

/** What was there before the run is not the run's to change. */
function sayDifferences(
  { differences = [], listsNotCompared = [] }: Facts,
  samples: boolean,
  note: Note,
): void {
  const all = differences as readonly RowDifference[];
  const those = (what: RowDifference["what"], isOurs: boolean) =>
    all.filter((each) => each.what === what && each.isOurs === isOurs);
  const say = (rows: readonly RowDifference[], what: string) => {
    if (rows.length > 0)
      note(`note: ${rows.length} ${what}: ${few([...new Set(rows.map((row) => nameOf(row, samples)))])}`);
  };
  say(those("left behind", true), "rows that this run left behind, and has no way to know as its own");
  say(those("changed", true), "rows that were there before were changed by this run");
  say(
    those("changed", false),
    "rows that were there before differ since the run began (by it, or by others)",
  );
  say(those("gone", false), "rows that were there before are gone since the run began (by it, or by others)");
  say(those("new", false), "rows are new since the run began (by it, or by others)");
  const unread = listsNotCompared as readonly UnreadList[];
  if (unread.length > 0) {
    const names = unread.map(({ tenant, route, reason }) => `${route} of ${tenant} (${reason})`);
    note(`note: ${unread.length} lists were not compared with what they held before: ${few(names)}`);
  }
}

function nameOf({ tenant, route, id, fields }: RowDifference, samples: boolean): string {
  return `${samples ? `${id} in ` : ""}${route} of ${tenant}${fields.length ? ` (${few(fields)})` : ""}`;
}

function few(names: readonly unknown[]): string {
  return `${names.slice(0, mostNamed).join(", ")}${names.length > mostNamed ? ", …" : ""}`;
}
