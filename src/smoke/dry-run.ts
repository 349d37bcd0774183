import { isObject } from "../isolation/index.js";
import { expectationText, rangeText } from "./expectations.js";
import { routeOf } from "./others.js";
import { secretField } from "./secrets.js";
import { placeholdersIn } from "./template.js";
import type { Attempt, Caller, Expectation, Step, Workflow } from "./workflow.js";

/** A step as it would be sent, placeholders and all. No secret stands in it. */
export interface PlannedStep {
  readonly step: string;
  /** `tenant`, `nobody`, or a user. */
  readonly as: string;
  readonly request: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly status: string;
  /** `status: "RENTED"`: what its answer has to hold. */
  readonly expects: readonly string[];
  /** Until when, and for how long at most, it is asked again. */
  readonly until?: string;
  /** Places of its answer by the names that later steps know them by. */
  readonly captures: Readonly<Record<string, string>>;
  /** How every other tenant tries; what may be shown of the bodies of changes. */
  readonly others: readonly string[];
  /** It runs in any case. */
  readonly isCleanup: boolean;
}

/** What a run of a workflow would send for each tenant, in order. Pure. */
export function plannedSteps({ steps, cleanup }: Workflow): PlannedStep[] {
  return [...steps.map((step) => planned(step, false)), ...cleanup.map((step) => planned(step, true))];
}

function planned(step: Step, isCleanup: boolean): PlannedStep {
  const { name, as, request, statuses, expectations, until, captures, secrecy } = step;
  const query = Object.entries(request.query).map(([key, value]) => `${key}=${shownSecret(key, value)}`);
  const mark = request.path.includes("?") ? "&" : "?";
  return {
    step: name,
    as: callerName(as),
    request: `${request.method} ${request.path}${query.length ? mark : ""}${query.join("&")}`,
    headers: shownFields(request.headers) as Record<string, unknown>,
    ...(request.body === undefined ? {} : { body: shownFields(request.body) }),
    status: statuses.map(rangeText).join(" or "),
    expects: expectations.map(shownExpectation),
    ...(until
      ? { until: `${until.expectations.map(shownExpectation).join(", ")}, for ${until.withinMs / 1000} s` }
      : {}),
    captures: Object.fromEntries(captures.map(({ name: as, place }) => [as, place])),
    others: secrecy.attempts.map(attemptText),
    isCleanup,
  };
}

function attemptText(attempt: Attempt): string {
  const route = routeOf(attempt);
  return attempt.body === undefined ? route : `${route} ${JSON.stringify(shownFields(attempt.body))}`;
}

function shownExpectation(expectation: Expectation): string {
  const { place, value } = expectation;
  const shown = typeof value === "string" ? shownSecret(place, value) : shownFields(value);
  return expectationText({ ...expectation, value: shown });
}

function callerName(as: Caller): string {
  if (as.kind === "captured") return `{${as.name}}`;
  return as.kind === "user" ? as.name : as.kind;
}

function shownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shownFields);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      typeof item === "string" ? shownSecret(key, item) : shownFields(item),
    ]),
  );
}

/** What only names a secret may be shown. */
function shownSecret(key: string, value: string | number | boolean): string {
  return secretField.test(key) && placeholdersIn(value).length === 0 ? "[redacted]" : String(value);
}
