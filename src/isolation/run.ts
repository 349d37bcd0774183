import { HttpClient, type HttpOptions } from "../adapters/http/client.js";
import { HttpFailure } from "../adapters/http/failure.js";
import type { HttpRequest } from "../adapters/http/message.js";
import type { CheckOutcome, Obstacle } from "../findings/check.js";
import { InconclusiveError, UsageError } from "../findings/errors.js";
import type { Actor, Binding } from "./actor.js";
import { Evidence } from "./evidence.js";
import { findingsOf } from "./findings.js";
import type { Control } from "./hints.js";
import type { Cell } from "./probe.js";
import { flawOfPair } from "./token-claims.js";
import { Wire } from "./wire.js";

/** The check, before it has run. */
const isolationCheck = { id: "isolation", title: "Isolation of tenants over HTTP" } as const;

export type IsolationProgress = (state: { title: string; done: number; total: number }) => void;

/** What every form of the check is told: who tries for whose data, and how requests are sent. */
export interface CheckOptions {
  readonly attacker: Actor;
  readonly victim: Actor;
  /**
   * Who creates what the attacker has, where that is a user of a role who may not: another user of its tenant.
   * Then only what such a user can do to objects that are there is tried.
   */
  readonly creator?: Actor | undefined;
  readonly binding: Binding;
  readonly http: HttpOptions;
}

/** What a run has found so far: a server that dies in its middle takes no finding with it. */
export interface Run {
  readonly wire: Wire;
  readonly evidence: Evidence;
  readonly cells: Cell[];
  /** How each list answers its own tenant. */
  readonly controls: Control[];
  facts: Readonly<Record<string, unknown>>;
  /** A request's route, as reports name it. */
  nameOf: (request: HttpRequest) => string;
}

/**
 * The frame of every form of the check: connections, what an error means, the outcome without a token in it.
 *
 * @throws UsageError where both tenants are one, and what the work throws that is no obstacle.
 */
export async function runCheck(
  { attacker, victim, creator, binding, http }: CheckOptions,
  work: (run: Run) => Promise<void>,
): Promise<CheckOutcome> {
  requireTwo(attacker, victim);
  const start = performance.now();
  const actors = [attacker, victim];
  const client = new HttpClient(http);
  const run: Run = {
    wire: new Wire(client, binding),
    evidence: new Evidence([...actors, ...(creator ? [creator] : [])], binding),
    cells: [],
    controls: [],
    facts: {},
    nameOf: ({ method, url }) => `${method} ${new URL(url).pathname}`,
  };
  let stop: Obstacle | undefined;
  try {
    await work(run);
  } catch (error) {
    stop = obstacleOf(error);
  } finally {
    await client.close();
  }
  const { wire, evidence, cells, facts } = run;
  const obstacle = stop ?? asInconclusive(cells);
  return {
    ...isolationCheck,
    drafts: findingsOf(cells, wire.unanswered, evidence, run.nameOf),
    ...(obstacle ? { obstacle: { ...obstacle, reason: evidence.hide(obstacle.reason) } } : {}),
    durationMs: performance.now() - start,
    facts: {
      attacker: attacker.name,
      victim: victim.name,
      tenants: actors.map(({ tenantId }) => tenantId),
      requests: client.sent,
      ...(hidden(facts, evidence) as object),
      matrix: cells.map(({ route, rule, label, outcome, reason }) => ({
        ...{ route, rule, label, outcome },
        ...(reason === undefined ? {} : { reason: evidence.hide(reason) }),
      })),
    },
  };
}

/** Why a run ended early. A control that failed proves nothing either way; no answer at all is an error. */
function obstacleOf(error: unknown): Obstacle {
  if (error instanceof InconclusiveError)
    return { status: "inconclusive", reason: `${error.message}; ${error.hint}` };
  if (error instanceof HttpFailure) return { status: "error", reason: `${error.message}; ${error.hint}` };
  throw error;
}

/** The same value without a token in any of its texts. */
function hidden(value: unknown, evidence: Evidence): unknown {
  if (typeof value === "string") return evidence.hide(value);
  if (Array.isArray(value)) return value.map((each) => hidden(each, evidence));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hidden(each, evidence)]));
}

/** Which cells, and why each, stands in the matrix: reports list them by reason. */
function asInconclusive(cells: readonly Cell[]): Obstacle | undefined {
  const unsure = cells.filter(({ outcome }) => outcome === "inconclusive");
  const [first] = unsure;
  const why = first ? `${first.route}, ${first.label}: ${first.reason}` : "";
  if (!cells.some(({ outcome }) => outcome === "denied" || outcome === "leaked"))
    return { status: "inconclusive", reason: `no probe came to a verdict${why && `: ${why}`}` };
  if (!first) return undefined;
  const routes = new Set(unsure.map(({ route }) => route)).size;
  return {
    status: "inconclusive",
    reason:
      unsure.length === 1
        ? why
        : `${unsure.length} of ${cells.length} probes came to no verdict, on ${routes} ${routes === 1 ? "route" : "routes"}`,
  };
}

/**
 * Two names of one tenant, one token for both, or tokens that say to be of one, would prove nothing.
 *
 * @throws UsageError where they are not two.
 */
export function requireTwo(attacker: Actor, victim: Actor): void {
  if (attacker.tenantId === victim.tenantId) {
    throw new UsageError(
      `tenants ${attacker.name} and ${victim.name} are the same: ${attacker.tenantId}`,
      `export TENANT_${victim.name.toUpperCase()} as the id of another tenant`,
    );
  }
  if (attacker.token !== undefined && attacker.token === victim.token) {
    throw new UsageError(
      `tenants ${attacker.name} and ${victim.name} have the same token`,
      signInHint(attacker, victim),
    );
  }
  const flaw =
    attacker.token !== undefined && victim.token !== undefined
      ? flawOfPair({ ...attacker, token: attacker.token }, { ...victim, token: victim.token })
      : undefined;
  if (flaw !== undefined) {
    throw new UsageError(
      `the tokens of tenants ${attacker.name} and ${victim.name} ${flaw}`,
      signInHint(attacker, victim),
    );
  }
}

function signInHint(attacker: Actor, victim: Actor): string {
  return `sign in as a user of each, and export TOKEN_${attacker.name.toUpperCase()} and TOKEN_${victim.name.toUpperCase()}`;
}
