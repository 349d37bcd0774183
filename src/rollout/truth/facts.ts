/** What a host said of itself through status.yml: links, processes and folders, no exit codes. */
export interface HostFacts {
  /** Version that `current` points at. */
  readonly current: string | undefined;
  /** `sha256:…` of the artifact that `current` was unpacked from. */
  readonly digest: string | undefined;
  /** What an immediate rollback would go back to. */
  readonly previous: string | undefined;
  /** Each whole release on the host, by version. */
  readonly releases: Readonly<Record<string, ReleaseFacts>>;
  readonly processes: readonly ProcessFacts[];
}

export interface ReleaseFacts {
  /** `sha256:…` */
  readonly digest: string;
  /** What its health endpoint has to report. */
  readonly serves: string;
}

export interface ProcessFacts {
  readonly pid: number;
  readonly status: string;
  /** Reloads count too. */
  readonly restarts: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Version whose folder the process runs in; undefined where the kernel does not say it. */
  readonly release: string | undefined;
}

interface Published {
  readonly current: string | null;
  readonly digest: string | null;
  readonly previous: string | null;
  readonly releases: Readonly<Record<string, ReleaseFacts>>;
  readonly processes: readonly (Omit<ProcessFacts, "release"> & { readonly folder: string | null })[];
}

/** The facts that a playbook published; undefined where it is one that publishes none. */
export function factsFrom(published: Readonly<Record<string, unknown>> | undefined): HostFacts | undefined {
  const fleet = published?.fleet as Published | undefined;
  if (!fleet?.processes) return undefined;
  return {
    current: fleet.current ?? undefined,
    digest: fleet.digest === null ? undefined : prefixed(fleet.digest),
    previous: fleet.previous ?? undefined,
    releases: Object.fromEntries(
      Object.entries(fleet.releases).map(([version, { digest, serves }]) => [
        version,
        { digest: prefixed(digest), serves },
      ]),
    ),
    processes: fleet.processes.map(({ pid, status, restarts, startedAt, folder }) => ({
      ...{ pid, status, restarts, startedAt },
      release: folder?.split("/").at(-1),
    })),
  };
}

function prefixed(digest: string): string {
  return `sha256:${digest}`;
}
