import type { CheckOutcome, Obstacle } from "../findings/check.js";
import { findingsOf } from "./findings.js";
import { routeOf } from "./others.js";
import type { Copy, StepResult } from "./results.js";
import type { Workflow } from "./workflow.js";
import type { World } from "./world.js";

/** The check, before it has run. */
export function checkOf({ name }: Workflow) {
  return { id: "smoke", title: `Workflow ${name}` } as const;
}

const mostReasons = 5;

/** What a workflow came to, for all tenants together; no secret stands in it. */
export function outcomeOf(workflow: Workflow, all: readonly Copy[], world: World): CheckOutcome {
  const copies = all.filter((copy) => copy.workflow === workflow);
  const evidence = world.secrets.evidence(world.target.binding);
  const hide = (text: string) => evidence.hide(text);
  const obstacle = obstacleOf(copies, world);
  return {
    ...checkOf(workflow),
    drafts: findingsOf(workflow, copies, evidence),
    ...(obstacle ? { obstacle: { ...obstacle, reason: hide(obstacle.reason) } } : {}),
    durationMs: Math.max(...copies.map(({ durationMs }) => durationMs)),
    facts: {
      api: world.target.baseUrl,
      workflow: workflow.name,
      copies: copies.map(({ owner, results }) => ({
        tenant: owner.name,
        steps: results.map(({ step, outcome, reason, durationMs }) => ({
          step: step.name,
          route: routeOf(step.request),
          outcome,
          ...(durationMs === undefined ? {} : { durationMs: Math.round(durationMs) }),
          ...(reason === undefined ? {} : { reason: hide(reason) }),
        })),
      })),
      left: copies.flatMap(({ left }) => left.map(hide)),
      unsure: copies.flatMap(({ unsure }) => unsure.map(hide)),
    },
  };
}

/** Why it is not the whole answer. */
function obstacleOf(copies: readonly Copy[], { actors, served }: World): Obstacle | undefined {
  const unanswered = reasonsOf(copies, "unanswered");
  if (unanswered) return { status: "error", reason: unanswered };
  const isSkipped = (copy: Copy) => copy.results.every(({ outcome }) => outcome === "skipped");
  const untried = copies.find(isSkipped);
  if (untried) return { status: "error", reason: untried.results[0]!.reason! };
  const unsure = reasonsOf(copies, "inconclusive");
  if (unsure) return { status: "inconclusive", reason: unsure };
  const stranger = actors.find(({ name }) => !served.has(name));
  if (
    !stranger ||
    !copies.some(({ workflow }) => workflow.steps.some(({ secrecy }) => secrecy.attempts.length))
  )
    return undefined;
  return {
    status: "inconclusive",
    reason: `tenant ${stranger.name} was not served anything with its own token, so that its refusals prove nothing`,
  };
}

function reasonsOf(copies: readonly Copy[], wanted: StepResult["outcome"]): string | undefined {
  const reasons = copies.flatMap(({ owner, results }) =>
    results.flatMap(({ step, outcome, reason }) =>
      outcome === wanted ? [`${step.name}, tenant ${owner.name}: ${reason}`] : [],
    ),
  );
  const more = reasons.length > mostReasons ? `; and ${reasons.length - mostReasons} more` : "";
  return reasons.length ? `${reasons.slice(0, mostReasons).join("; ")}${more}` : undefined;
}
