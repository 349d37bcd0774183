import type { PlannedStep } from "../smoke/index.js";

/** A workflow as `--list` names it. */
export interface ListedWorkflow {
  readonly workflow: string;
  readonly steps: readonly string[];
  readonly finally: readonly string[];
}

/** `assets: create, rent; finally clean up` */
export function listLine({ workflow, steps, finally: last }: ListedWorkflow): string {
  return `${workflow}: ${steps.join(", ")}${last.length ? `; finally ${last.join(", ")}` : ""}`;
}

/** What `--dry-run` says of a workflow. */
export function planText(name: string, steps: readonly PlannedStep[]): string {
  const lines = steps.flatMap(({ step, as, request, headers, body, status, others, isCleanup }) => [
    `  ${isCleanup ? "finally " : ""}${step}${as === "tenant" ? "" : `, as ${as}`}`,
    `    ${request}  expects ${status}`,
    ...Object.entries(headers).map(([header, value]) => `    ${header}: ${value ?? "(left out)"}`),
    ...(body === undefined ? [] : [`    ${JSON.stringify(body)}`]),
    ...(others.length ? [`    others try: ${others.join(", ")}`] : []),
  ]);
  return [`${name}, for each tenant`, ...lines].join("\n");
}
