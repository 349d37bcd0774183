import { UsageError } from "../findings/errors.js";
import { nearestName } from "../findings/nearest.js";
import {
  NotationError,
  parsedDuration,
  parsedExpectations,
  parsedPlace,
  parsedRequest,
  parsedStatus,
} from "./notation.js";
import { noSecrecy, usualSecrecy } from "./secrecy.js";
import type { AttemptSection, SmokeSection, StepSection, WorkflowSection } from "./section.js";
import { isReference, placeholdersIn } from "./template.js";
import { builtInNames } from "./values.js";
import {
  type Attempt,
  type Caller,
  type Capture,
  isReading,
  type RequestTemplate,
  type Secrecy,
  type Step,
  type Until,
  type Workflow,
} from "./workflow.js";

/** What the steps of every workflow may name. */
interface Surroundings {
  readonly values: readonly string[];
  readonly users: readonly string[];
  /** Paths whose answers are the same for every tenant, by design. */
  readonly shared: readonly string[];
}

const usualWait = "10s";

/**
 * The workflows of config, checked: whatever is wrong with one is said before anything is sent.
 *
 * @param shared paths whose answers are the same for every tenant, by design
 * @throws UsageError with the place in config, and what to write instead.
 */
export function parseWorkflows(section: SmokeSection, shared: readonly string[] = []): Workflow[] {
  const surroundings = {
    values: Object.keys(section.values ?? {}),
    users: Object.keys(section.users ?? {}),
    shared,
  };
  return Object.entries(section.workflows ?? {}).map(([name, each]) => workflowOf(name, each, surroundings));
}

function workflowOf(name: string, section: WorkflowSection, surroundings: Surroundings): Workflow {
  const cleanup = section.finally ?? [];
  const all = [...section.steps, ...cleanup];
  const tokens = new Set(all.flatMap(({ as }) => placeholdersIn(as)));
  const captured = new Set<string>();
  const seen = new Set<string>();
  const parsed = (step: StepSection, place: string, isCleanup: boolean): Step => {
    const where = `smoke.workflows.${name}.${place} (${step.name})`;
    try {
      if (seen.has(step.name)) throw new NotationError("another step has that name");
      seen.add(step.name);
      return stepOf(step, isCleanup, { ...surroundings, captured, tokens });
    } catch (error) {
      if (!(error instanceof NotationError)) throw error;
      throw new UsageError(
        `${where}: ${error.message}`,
        "docs/configuration.md describes workflows; --dry-run shows them",
      );
    }
  };
  return {
    name,
    steps: section.steps.map((step, index) => parsed(step, `steps.${index}`, false)),
    cleanup: cleanup.map((step, index) => parsed(step, `finally.${index}`, true)),
  };
}

interface Place extends Surroundings {
  /** Names that earlier steps captured; those of this one are added. */
  readonly captured: Set<string>;
  /** Captured names that are used as tokens. */
  readonly tokens: ReadonlySet<string>;
}

function stepOf(section: StepSection, isCleanup: boolean, place: Place): Step {
  const request: RequestTemplate = {
    ...parsedRequest(section.request),
    query: section.query ?? {},
    headers: section.headers ?? {},
    body: section.body,
  };
  const as = callerOf(section.as, place);
  requireKnown([request, section.expect, section.until], place);
  const statuses = [section.status ?? "2xx"].flat().map(parsedStatus);
  if (statuses.length === 0) throw new NotationError("status: [] expects nothing");
  const expectations = parsedExpectations(section.expect ?? {});
  const until = untilOf(section, request);
  const captures = Object.entries(section.capture ?? {}).map(([name, from]) => captureOf(name, from, place));
  const before = new Set([...place.captured].filter((name) => !place.tokens.has(name)));
  for (const { name } of captures) place.captured.add(name);
  const secrecy = isCleanup
    ? noSecrecy
    : secrecyOf(section, request, place, () => usualSecrecy({ request, statuses, captures, known: before }));
  return { name: section.name, request, as, statuses, expectations, until, captures, secrecy };
}

function callerOf(text: string | undefined, { users, captured }: Place): Caller {
  if (text === undefined) return { kind: "tenant" };
  if (text === "nobody") return { kind: "nobody" };
  const [, name] = /^\{([^{}]+)\}$/.exec(text) ?? [];
  if (name !== undefined) {
    if (captured.has(name)) return { kind: "captured", name };
    throw new NotationError(`as: no earlier step captures ${name}${suggested(name, [...captured])}`);
  }
  if (users.includes(text)) return { kind: "user", name: text };
  throw new NotationError(
    `as: there is no user ${text}${suggested(text, [...users, "nobody"])}; name the tokens: users: { ${text}: { a: env("…"), b: env("…") } }`,
  );
}

function captureOf(name: string, from: string, { values, tokens }: Place): Capture {
  if (builtInNames.includes(name) || values.includes(name))
    throw new NotationError(`capture: {${name}} means something else already`);
  return { name, place: parsedPlace(from), isSecret: tokens.has(name) };
}

function untilOf({ until, within }: StepSection, { method }: RequestTemplate): Until | undefined {
  if (until === undefined) {
    if (within === undefined) return undefined;
    throw new NotationError("within says how long until: { … } is waited for, and there is none");
  }
  if (!isReading(method))
    throw new NotationError(`until: a ${method} is not repeated; wait in a GET after it`);
  return { expectations: parsedExpectations(until), withinMs: parsedDuration(within ?? usualWait) };
}

function secrecyOf(
  { hidden }: StepSection,
  request: RequestTemplate,
  place: Place,
  usual: () => Secrecy,
): Secrecy {
  if (hidden === false || place.shared.includes(request.path.replace(/[?#].*$/, ""))) return noSecrecy;
  if (hidden === undefined) return usual();
  const given = (
    typeof hidden === "string" || !Array.isArray(hidden) ? [hidden] : hidden
  ) as AttemptSection[];
  if (given.length === 0)
    throw new NotationError("hidden: [] tries nothing; false says that everybody may see it");
  const attempts = given.map(attemptOf);
  requireKnown(attempts, place);
  return { attempts, proof: "every", isPrivate: true };
}

function attemptOf(section: AttemptSection): Attempt {
  const { request, body } = typeof section === "string" ? { request: section, body: undefined } : section;
  return { ...parsedRequest(request), query: {}, body };
}

function requireKnown(templates: unknown, { values, captured }: Place): void {
  const known = [...builtInNames, ...values, ...captured];
  for (const name of placeholdersIn(templates)) {
    if (isReference(name) || known.includes(name)) continue;
    throw new NotationError(
      `{${name}} is not known${suggested(name, known)}; capture it in an earlier step, or put it into smoke.values`,
    );
  }
}

function suggested(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : `, did you mean ${nearest}?`;
}
