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
  return [`${name}, for each tenant`, ...steps.flatMap(stepLines)].join("\n");
}

function stepLines({ step, as, request, headers, body, status, expects, ...rest }: PlannedStep): string[] {
  const { until, captures, others, isCleanup } = rest;
  const named = Object.entries(captures).map(([name, place]) => `${name} from ${place}`);
  const line = (what: string, words: string) => `    ${what.padEnd(8)}  ${words}`;
  return [
    `  ${isCleanup ? "finally " : ""}${step}${as === "tenant" ? "" : `, as ${as}`}`,
    `    ${request}`,
    ...Object.entries(headers).map(([header, value]) => `    ${header}: ${value ?? "(left out)"}`),
    ...(body === undefined ? [] : [`    ${JSON.stringify(body)}`]),
    line("expects", [`HTTP ${status}`, ...expects].join("; ")),
    ...(until === undefined ? [] : [line("waits", `until ${until} at most`)]),
    ...(named.length ? [line("captures", named.join(", "))] : []),
    ...(others.length ? [line("hidden", `from the other tenants, who try ${others.join(", ")}`)] : []),
  ];
}
