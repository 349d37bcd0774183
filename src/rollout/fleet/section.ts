/** The section `fleet` of config, as its schema lets it through. */
export interface FleetSection {
  readonly inventory?: string | readonly string[] | undefined;
  readonly group?: string | undefined;
  readonly zone?: string | undefined;
  readonly port?: number | undefined;
  readonly portVariable?: string | undefined;
  readonly releases?: string | undefined;
  readonly keep?: number | undefined;
  readonly pm2?: Pm2Section | undefined;
  readonly node?: readonly string[] | undefined;
  readonly health?: HealthSection | undefined;
  readonly environment?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly guardVariable?: string | undefined;
  readonly prepare?: readonly (readonly string[])[] | undefined;
  readonly candidate?: boolean | undefined;
  readonly stable?: number | undefined;
  readonly become?: boolean | string | undefined;
  readonly privateKey?: string | undefined;
  readonly bastion?: string | undefined;
  readonly sshArguments?: string | undefined;
  readonly vaultPasswordFiles?: readonly string[] | undefined;
  readonly forks?: number | undefined;
  readonly arguments?: readonly string[] | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly playbooks?: Readonly<Partial<Record<PlaybookName, string | undefined>>> | undefined;
  readonly timeout?: number | undefined;
}

export interface Pm2Section {
  readonly process?: string | undefined;
  readonly script?: string | undefined;
  readonly instances?: number | undefined;
  readonly mode?: "cluster" | "fork" | undefined;
  readonly waitReady?: boolean | undefined;
  readonly listenTimeout?: number | undefined;
  readonly killTimeout?: number | undefined;
  readonly command?: readonly string[] | undefined;
  readonly home?: string | undefined;
}

export interface HealthSection {
  readonly url?: string | undefined;
  readonly local?: string | undefined;
  readonly version?: string | undefined;
  readonly guard?: string | undefined;
  readonly timeout?: number | undefined;
}

export type PlaybookName = "canary" | "production" | "rollback" | "partialRollback" | "status";
