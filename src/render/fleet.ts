import type { FleetReading, HostReading } from "../findings/fleet.js";
import type { ActivityTable } from "./activity.js";
import { age, count, visible } from "./words.js";

const words: Readonly<Record<HostReading["state"], string>> = {
  converged: "converged",
  old: "old",
  unknown: "UNKNOWN",
  failed: "FAILED",
};

/** What each host serves; why one does not serve what it should stands below. */
export function fleetTables({ hosts, wanted, isAssumed }: FleetReading, now = Date.now()): ActivityTable[] {
  const hasZones = hosts.some(({ zone }) => zone !== null);
  return [
    {
      title: wanted ? `Hosts, wanted: ${visible(wanted.version)}` : "Hosts",
      head: [
        "Host",
        ...(hasZones ? ["Zone"] : []),
        "State",
        "Serves",
        "Guard",
        "Pids",
        "Restarts",
        "Up",
        "Before",
      ],
      rows: hosts.map((each) => [
        visible(each.host),
        ...(hasZones ? [visible(each.zone ?? "–")] : []),
        words[each.state],
        visible(each.version ?? "–"),
        visible(each.guard ?? "–"),
        each.processes.map(({ pid }) => String(pid || "–")).join(" ") || "–",
        each.processes.map(({ restarts }) => String(restarts)).join(" ") || "–",
        uptime(each, now),
        visible(each.previous ?? "–"),
      ]),
      texts: [],
      remarks: [summary(hosts), ...(isAssumed && wanted ? [assumption(hosts)] : [])],
      lines: [],
    },
  ];
}

/** Of the process that was started last. */
function uptime({ processes }: HostReading, now: number): string {
  const starts = processes.filter(({ pid }) => pid).map(({ startedAt }) => Date.parse(startedAt));
  return starts.length ? age(Math.max(0, (now - Math.max(...starts)) / 1000)) : "–";
}

function summary(hosts: readonly HostReading[]): string {
  const states = (Object.keys(words) as HostReading["state"][]).flatMap((state) => {
    const number = hosts.filter((each) => each.state === state).length;
    return number ? [`${number} ${words[state]}`] : [];
  });
  return `${count(hosts.length, "host")}: ${states.join(", ")}`;
}

function assumption(hosts: readonly HostReading[]): string {
  return hosts.length === 1
    ? "no version was named: what the host serves is taken for the wanted one"
    : "no version was named: what most hosts serve is taken for the wanted one";
}
