import {
  type Actor,
  dispositionOf,
  type Exchange,
  isTellingId,
  type Mark,
  sightings,
  tenantPlaceholder,
} from "../isolation/index.js";
import { requestFrom } from "./request.js";
import type { Leak } from "./results.js";
import { placeholdersIn, type Values } from "./template.js";
import { type Attempt, isReading, type Secrecy } from "./workflow.js";
import type { World } from "./world.js";

/** What others try for: one tenant's data, and by what it is told. */
export interface Prey {
  readonly world: World;
  readonly owner: Actor;
  readonly marks: readonly Mark[];
  readonly values: Values;
  /** Names of values that the workflow captured. */
  readonly captured: ReadonlySet<string>;
}

/** What came of all attempts after one step. */
export interface Tried {
  readonly leaks: readonly Leak[];
  /** Why nothing can be said. */
  readonly unsure: readonly string[];
}

/** What the owner itself is answered, attempt by attempt: without it no refusal proves anything. */
export function readControls(prey: Prey, { attempts }: Secrecy): Promise<Exchange[]> {
  return Promise.all(attempts.map((attempt) => ask(prey, prey.owner, readingOf(attempt, prey))));
}

/**
 * Every other tenant tries to see what a step did; what it sees has to be seen twice.
 *
 * @param early controls that were read before the step, of what it deleted
 */
export async function tryOthers(prey: Prey, secrecy: Secrecy, early?: readonly Exchange[]): Promise<Tried> {
  const { attempts, proof } = secrecy;
  const controls = early ?? (await readControls(prey, secrecy));
  const flaws = controls.map((control) => flawOf(control, prey.marks));
  const leaks: Leak[] = [];
  const unsure: string[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const counts = proof === "every" || flaws[index] === undefined;
    for (const other of prey.world.actors) {
      if (other.name === prey.owner.name) continue;
      const tried = isReading(attempt.method)
        ? await tryToRead(prey, other, attempt, controls[index]!)
        : await tryToChange(prey, other, attempt);
      leaks.push(...tried.leaks);
      if (counts) unsure.push(...tried.unsure);
    }
  }
  return { leaks, unsure: [...unproven(secrecy, flaws), ...unsure] };
}

/** Why the owner's own answers do not prove what they have to. */
function unproven({ attempts, proof }: Secrecy, flaws: readonly (string | undefined)[]): string[] {
  const named = attempts.flatMap((attempt, index) =>
    flaws[index] === undefined ? [] : [`${routeOf(attempt)}: ${flaws[index]}`],
  );
  if (proof === "every") return named;
  return proof === "any" && named.length === attempts.length ? named.slice(0, 1) : [];
}

/** Why the owner's own answer is no control; undefined where it is one. */
function flawOf(control: Exchange, marks: readonly Mark[]): string | undefined {
  if (dispositionOf(control) !== "served") return `its owner is answered ${control.response.status} there`;
  if (sightings(control, marks).length > 0) return undefined;
  return "nothing in its owner's answer tells whose it is: put {canary} into a text of it, or name in hidden where it is seen";
}

async function tryToRead(prey: Prey, other: Actor, attempt: Attempt, control: Exchange): Promise<Tried> {
  // Where the path names the tenant: as itself, and as the owner.
  const places = attempt.path.includes(tenantPlaceholder) ? [other, prey.owner] : [other];
  const all = await Promise.all(
    places.map(({ tenantId }) => tryOnce(prey, other, attempt, control, tenantId)),
  );
  return { leaks: all.flatMap(({ leaks }) => leaks), unsure: all.flatMap(({ unsure }) => unsure) };
}

async function tryOnce(
  prey: Prey,
  other: Actor,
  attempt: Attempt,
  control: Exchange,
  pathTenant: string,
): Promise<Tried> {
  const attack = await ask(prey, other, attempt, pathTenant);
  const flaw = flawOfAttack(attack, other, attempt);
  const seen = sightings(attack, prey.marks);
  if (seen.length === 0) return { leaks: [], unsure: flaw === undefined ? [] : [flaw] };
  const again = await ask(prey, other, attempt, pathTenant);
  if (sightings(again, prey.marks).length === 0)
    return { leaks: [], unsure: [`${routeOf(attempt)}: ${other.name} saw it once and not again`] };
  const names = { other: other.name, owner: prey.owner.name };
  return { leaks: [{ route: routeOf(attempt), kind: "seen", ...names, attack, control, seen }], unsure: [] };
}

/** Why an answer to another tenant says nothing about what it may see; undefined where it does. */
function flawOfAttack({ response: { status, isTruncated } }: Exchange, { name }: Actor, attempt: Attempt) {
  if (status >= 500 || status === 429) return `${routeOf(attempt)}: ${name} is answered ${status}`;
  if (status === 401) return `${routeOf(attempt)}: ${name} is not signed in there (401)`;
  return isTruncated ? `${routeOf(attempt)}: the answer to ${name} runs over --body-limit` : undefined;
}

/** Tries to change an object, and proves by what its owner reads before and after whether it did. */
async function tryToChange(prey: Prey, other: Actor, attempt: Attempt): Promise<Tried> {
  const route = routeOf(attempt);
  const ids = placeholdersIn(attempt.path).filter((name) => prey.captured.has(name));
  if (ids.length === 0 || !ids.every((name) => isTellingId(String(prey.values.get(name)))))
    return {
      leaks: [],
      unsure: [`${route}: not tried, since ${other.name} may have an object of its own under that path`],
    };
  const reading = readingOf(attempt, prey);
  const before = await ask(prey, prey.owner, reading);
  const attack = await ask(prey, other, attempt);
  const after = await ask(prey, prey.owner, reading);
  const seen = sightings(attack, prey.marks);
  const isChanged =
    !isSame(before, after) && !isVolatile(after, await ask(prey, prey.owner, reading), before);
  const isServed = dispositionOf(attack) === "served";
  const leak = { route, other: other.name, owner: prey.owner.name, attack, seen };
  if (isChanged && isServed) return { leaks: [{ ...leak, kind: "changed", control: after }], unsure: [] };
  if (seen.length > 0) return { leaks: [{ ...leak, kind: "seen", control: before }], unsure: [] };
  const flaw = isChanged
    ? `${route}: ${other.name} is refused, and yet the object changed meanwhile`
    : flawOfAttack(attack, other, attempt);
  return { leaks: [], unsure: flaw === undefined ? [] : [flaw] };
}

function isSame(left: Exchange, right: Exchange): boolean {
  return left.response.status === right.response.status && left.response.body === right.response.body;
}

/** Only values differ that differ from one reading to the next anyway, such as clocks. */
function isVolatile(after: Exchange, again: Exchange, before: Exchange): boolean {
  if (after.response.status !== before.response.status) return false;
  const [first, second, third] = [before, after, again].map(
    ({ parsed }) => new Map(parsed.leaves.map(({ path, value }) => [path, value])),
  );
  const paths = new Set([...first!.keys(), ...second!.keys()]);
  return [...paths].every(
    (path) => first!.get(path) === second!.get(path) || second!.get(path) !== third!.get(path),
  );
}

/** How the owner reads what an attempt is about. */
function readingOf(attempt: Attempt, { captured }: Prey): Attempt {
  if (isReading(attempt.method)) return attempt;
  return { method: "GET", path: objectPath(attempt.path, captured), query: {}, body: undefined };
}

/** The path of the object whose captured id stands last in a path, placeholders and all. */
export function objectPath(path: string, captured: ReadonlySet<string>): string {
  const parts = path.replace(/[?#].*$/, "").split("/");
  const idAt = parts.findLastIndex((part) => placeholdersIn(part).some((name) => captured.has(name)));
  return parts.slice(0, idAt + 1).join("/") || path;
}

async function ask(prey: Prey, actor: Actor, attempt: Attempt, pathTenant?: string): Promise<Exchange> {
  const { world, values } = prey;
  const sender = { actor, isAnonymous: false, ...(pathTenant === undefined ? {} : { pathTenant }) };
  const exchange = await world.wire.send(actor.name, requestFrom(attempt, sender, values, world.target));
  world.secrets.learnFrom(exchange);
  if (dispositionOf(exchange) === "served") world.served.add(actor.name);
  return exchange;
}

/** `GET /api/v1/assets/{asset}`: the same for every tenant. */
export function routeOf({ method, path }: Pick<Attempt, "method" | "path">): string {
  return `${method} ${path.replace(/[?#].*$/, "")}`;
}
