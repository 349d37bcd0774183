/** How a playbook ended on a host; `absent` where Ansible says nothing of it, or stopped before its end. */
export type PlaybookOutcome = "ok" | "failed" | "unreachable" | "absent";

export interface HostOutcome {
  readonly host: string;
  readonly outcome: PlaybookOutcome;
  /** The task that failed. */
  readonly task?: string;
  readonly reason?: string;
  /** Failures that the playbook itself caught: Ansible's exit code does not show them. */
  readonly rescued: number;
  /** What the playbook published by `set_stats`. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface PlaybookOutcomes {
  /** Every planned host, exactly once, in the order of the plan. */
  readonly hosts: readonly HostOutcome[];
  /** Hosts that were worked on and that nobody planned. */
  readonly unplanned: readonly string[];
}

interface TaskLine {
  readonly event: "ok" | "skipped" | "ignored" | "failed" | "unreachable";
  readonly host: string;
  readonly task: string;
  readonly message?: string;
}

interface EndLine {
  readonly event: "end";
  readonly hosts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly facts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Line = TaskLine | EndLine | { readonly event: "no hosts matched" };

/**
 * Reads what playbooks/callback_plugins/tenantctl_results.py wrote.
 *
 * @param text one JSON object a line; the last one may be cut
 * @param planned the hosts that the playbook had to run on
 */
export function readOutcomes(text: string, planned: readonly string[]): PlaybookOutcomes {
  const lines = text.split("\n").flatMap(parse);
  const end = lines.find((line): line is EndLine => line.event === "end");
  const tasks = lines.filter((line): line is TaskLine => "host" in line);
  const known = new Set([...Object.keys(end?.hosts ?? {}), ...tasks.map(({ host }) => host)]);
  return {
    hosts: [...new Set(planned)].map((host) => outcomeOf(host, tasks, end)),
    unplanned: [...known].filter((host) => !planned.includes(host)).sort(),
  };
}

function outcomeOf(host: string, tasks: readonly TaskLine[], end: EndLine | undefined): HostOutcome {
  const counts = end?.hosts[host];
  const facts = end?.facts[host];
  const rescued = counts?.rescued ?? 0;
  const base = { host, rescued, ...(facts ? { facts } : {}) };
  const last = tasks.findLast(
    (line) => line.host === host && (line.event === "failed" || line.event === "unreachable"),
  );
  const why = last ? { task: last.task, reason: last.message ?? "no message" } : {};
  const isUnreachable = counts ? Boolean(counts.unreachable) : last?.event === "unreachable";
  if (isUnreachable) return { ...base, outcome: "unreachable", ...why };
  if (counts ? counts.failures : last) return { ...base, outcome: "failed", ...why };
  if (counts) return { ...base, outcome: "ok" };
  const reason = end ? "the playbook did not run on it" : "the playbook did not come to its end";
  return { ...base, outcome: "absent", reason };
}

function parse(line: string): Line[] {
  try {
    return [JSON.parse(line) as Line];
  } catch {
    // Killed while it wrote.
    return [];
  }
}
