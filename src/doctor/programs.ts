import { type ProgramFacts, readProgram } from "../adapters/programs.js";
import { type Item, itemOf } from "./item.js";
import type { Needs } from "./needs.js";

interface Program {
  readonly id: string;
  readonly name: string;
  /** Any one of these will do; the first that is there counts. */
  readonly executables: readonly string[];
  readonly usedFor: string;
  readonly blocks: string;
  readonly install: string;
  readonly isNeeded: (needs: Needs) => boolean;
}

const group = "Programs";
const oldestNode = [20, 19] as const;

const programs: readonly Program[] = [
  {
    id: "git",
    name: "git",
    executables: ["git"],
    usedFor: "building a release from its ref, reverting one",
    blocks: "deploy, rollback revert",
    install: "apt-get install -y git",
    isNeeded: ({ deploys }) => deploys,
  },
  {
    id: "ssh",
    name: "ssh",
    executables: ["ssh"],
    usedFor: "reaching the hosts of the fleet",
    blocks: "deploy, canary, rollback",
    install: "apt-get install -y openssh-client",
    isNeeded: ({ deploys }) => deploys,
  },
  {
    id: "ansible",
    name: "ansible-playbook",
    executables: ["ansible-playbook"],
    usedFor: "deploying to the fleet and rolling back",
    blocks: "deploy, canary, rollback",
    install: "apt-get install -y ansible-core",
    isNeeded: ({ deploys }) => deploys,
  },
  {
    id: "pm2",
    name: "pm2",
    executables: ["pm2"],
    usedFor: "reloading the application's processes",
    blocks: "deploy, canary, rollback",
    install: "npm install -g pm2",
    isNeeded: ({ deploys }) => deploys,
  },
  {
    id: "prometheus",
    name: "Prometheus",
    executables: ["promtool", "prometheus"],
    usedFor: "testing alert rules, judging a canary by its metrics",
    blocks: "monitoring test, canary judge",
    install: "apt-get install -y prometheus",
    isNeeded: ({ watches }) => watches,
  },
  {
    id: "psql",
    name: "psql",
    executables: ["psql"],
    usedFor: "running the SQL of a remedy by hand",
    blocks: "no command: tenantctl has a driver of its own",
    install: "apt-get install -y postgresql-client",
    isNeeded: () => false,
  },
];

/** What this machine has of each program, by the program's id. */
export type ProgramsFound = ReadonlyMap<string, ProgramFacts>;

/** Looks for all programs on PATH, side by side; each has 5 seconds to tell its version. */
export async function readPrograms(env: NodeJS.ProcessEnv, signal?: AbortSignal): Promise<ProgramsFound> {
  const found = await Promise.all(
    programs.map(async ({ id, executables }) => {
      const all = await Promise.all(executables.map((name) => readProgram(name, env, signal)));
      const best = all.find(({ state }) => state === "there") ?? all.find(({ state }) => state === "broken");
      return [id, best ?? all[0]!] as const;
    }),
  );
  return new Map(found);
}

/** Node and the programs as items. Pure. */
export function judgePrograms(found: ProgramsFound, nodeVersion: string, needs: Needs): Item[] {
  return [
    judgeNode(nodeVersion),
    ...programs.map((program) => judge(program, found.get(program.id) ?? { state: "missing" }, needs)),
  ];
}

function judgeNode(version: string): Item {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return itemOf({
    id: "node",
    group,
    name: "Node",
    isThere: major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]),
    version,
    found: version,
    usedFor: "running tenantctl",
    blocks: "every command",
    hint: `it has to be ${oldestNode.join(".")} or later`,
    commands: ["npm install -g n", "n lts"],
    isNeeded: true,
  });
}

function judge(
  { executables, isNeeded, install, ...program }: Program,
  facts: ProgramFacts,
  needs: Needs,
): Item {
  const common = { ...program, group, isNeeded: isNeeded(needs) };
  switch (facts.state) {
    case "there": {
      const { path, version } = facts;
      const found = version === undefined ? `${path}, which does not tell its version` : version;
      return itemOf({ ...common, isThere: true, version, found });
    }
    case "broken": {
      const hint = `see why: ${facts.path} --version`;
      const found = `${facts.path} does not work: ${facts.reason}`;
      return itemOf({ ...common, isThere: false, found, hint, commands: [reinstall(install)] });
    }
    default: {
      const found = `no ${executables.join(" and no ")} on PATH`;
      return itemOf({ ...common, isThere: false, found, commands: [install] });
    }
  }
}

function reinstall(install: string): string {
  return install.replace(/^apt-get install /, "apt-get install --reinstall ");
}
