import type { CheckOutcome } from "../findings/check.js";
import { rules } from "../findings/rules.js";
import { textTable } from "../render/text-table.js";
import { labelled, type Theme } from "../render/theme.js";
import { age, count, visible, wrap } from "../render/words.js";
import { describeHolder, type Entry, type HistoryFacts, type StatusFacts } from "../rollout/index.js";

type Outcome<Facts> = CheckOutcome & { readonly facts: Facts };

/** `rollout history` on a terminal. */
export function historyText({ facts, drafts }: Outcome<HistoryFacts>, theme: Theme): string {
  const { rollouts, ofRollout, entries, root, journal } = facts;
  const table = ofRollout
    ? textTable(["#", "At", "Kind", "Step", "Hosts", "Result"], ofRollout.map(entryRow), theme)
    : textTable(
        ["Rollout", "Release", "By", "Began", "Result"],
        rollouts.map(({ rollout, release, actor, startedAt, result, unanswered }) => [
          ...[visible(rollout), visible(release?.version ?? ""), visible(actor), startedAt],
          `${result}${unanswered ? `, ${unanswered} unanswered` : ""}`,
        ]),
        theme,
      );
  const seal = `${count(entries, "entry", "entries")} in ${visible(journal)}, root ${root.slice(0, 16)}…`;
  const none = `no rollout was written down yet (${visible(journal)})`;
  return [
    ...(rollouts.length ? [table] : []),
    wrap(entries ? seal : none, theme.width),
    ...verdictLines(drafts, undefined, theme),
  ].join("\n\n");
}

function entryRow({ sequence, at, kind, step, hosts = [], results, result }: Entry): string[] {
  const answered = (results ?? []).map(({ host, state }) => `${host} ${state}`).join(", ");
  return [String(sequence), at, kind, visible(step), visible(answered || hosts.join(", ")), result ?? ""];
}

/** `rollout status` on a terminal. */
export function statusText({ facts, drafts, obstacle }: Outcome<StatusFacts>, theme: Theme): string {
  const { rollout, progress, hosts, lock, journal } = facts;
  if (!rollout)
    return [
      wrap(`no rollout was written down yet (${visible(journal)})`, theme.width),
      ...verdictLines(drafts, obstacle, theme),
    ].join("\n\n");
  const head = `${visible(rollout.release?.version ?? rollout.rollout)}: ${rollout.phase ?? rollout.result ?? "between phases"}, begun ${rollout.startedAt} by ${visible(rollout.actor)}`;
  const phases = progress.map(({ phase, result, planned, converged, elapsed, isOver, ...rest }) => [
    ...[phase, result ?? "under way", `${converged.length} of ${planned.length}`, age(elapsed / 1000)],
    rest.plannedTime === undefined
      ? ""
      : `${isOver ? "over" : "within"} the plan's ${age(rest.plannedTime / 1000)}`,
  ]);
  const states = hosts.map(({ host, state, release, prior }) =>
    [host, state, release?.version ?? "?", prior?.version ?? ""].map(visible),
  );
  return [
    theme.paint.bold(head),
    ...(phases.length ? [textTable(["Phase", "Result", "Hosts", "Time", "Plan"], phases, theme)] : []),
    ...(states.length ? [textTable(["Host", "Last seen", "Release", "Before"], states, theme)] : []),
    ...(lock ? [wrap(`lock ${lock.fence}: ${visible(describeHolder(lock))}`, theme.width)] : []),
    wrap("Hosts as the journal saw them last; what they serve now: tenantctl deploy status", theme.width),
    ...verdictLines(drafts, obstacle, theme),
  ].join("\n\n");
}

function verdictLines(
  drafts: CheckOutcome["drafts"],
  obstacle: CheckOutcome["obstacle"],
  theme: Theme,
): string[] {
  return [
    ...drafts.map(({ rule, message }) =>
      [
        `${labelled(theme, "error")}  ${rule}  ${rules[rule].title}`,
        wrap(visible(message), theme.width, "    "),
        `    tenantctl explain ${rule}`,
      ].join("\n"),
    ),
    ...(obstacle
      ? [wrap(labelled(theme, "inconclusive", `INCONCLUSIVE  ${visible(obstacle.reason)}`), theme.width)]
      : []),
  ];
}
