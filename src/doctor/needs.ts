/** Which programs the config makes necessary. */
export interface Needs {
  /** It deploys: git, ssh, Ansible and pm2. */
  readonly deploys: boolean;
  /** It watches: Prometheus. */
  readonly watches: boolean;
}

/** The sections of a config that need programs. */
export interface ConfigSections {
  readonly fleet?: unknown;
  readonly build?: unknown;
  readonly rollout?: unknown;
  readonly monitoring?: unknown;
}

/** What a config needs, by the sections that it has. */
export function needsOf({ fleet, build, rollout, monitoring }: ConfigSections): Needs {
  return {
    deploys: [fleet, build, rollout].some((section) => section !== undefined),
    watches: monitoring !== undefined || /prometheus/i.test(JSON.stringify(rollout) ?? ""),
  };
}
