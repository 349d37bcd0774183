import type { FleetSection } from "./section.js";

/**
 * What config says of a fleet, in the variables of playbooks/roles/fleet/defaults. What it does not say is left
 * out, so that the inventory may say it.
 *
 * @param url health URL, as the controller asks it
 */
export function playbookVariables(
  section: FleetSection,
  url: string,
  reveal: (value: string, what: string) => string,
): Record<string, unknown> {
  const { pm2 = {}, health = {} } = section;
  const variables = {
    fleet_group: section.group,
    fleet_root: section.releases,
    fleet_keep: section.keep,
    fleet_default_port: section.port,
    fleet_port_variable: section.portVariable,
    fleet_process: pm2.process,
    fleet_script: pm2.script,
    fleet_instances: pm2.instances,
    fleet_exec_mode: pm2.mode,
    fleet_wait_ready: pm2.waitReady,
    fleet_listen_timeout: pm2.listenTimeout,
    fleet_kill_timeout: pm2.killTimeout,
    fleet_pm2: pm2.command,
    fleet_programs_environment: pm2.home === undefined ? undefined : { PM2_HOME: pm2.home },
    fleet_node: section.node,
    fleet_health: health.local ?? localHealth(url),
    fleet_health_version: health.version,
    fleet_environment: section.environment && revealed(section.environment, reveal),
    fleet_guard_variable: section.guardVariable,
    fleet_prepare: section.prepare,
    fleet_candidate: section.candidate,
    fleet_stable: section.stable,
  };
  const said = Object.entries(variables).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(said), ...section.variables };
}

/** The same path, as the host itself reaches it: no name to look up, no proxy between. */
function localHealth(url: string): string {
  const rest = /^\w+:\/\/[^/]*(\/.*)?$/.exec(url)?.[1] ?? "/";
  return `http://127.0.0.1:{port}${rest}`;
}

function revealed(
  environment: NonNullable<FleetSection["environment"]>,
  reveal: (value: string, what: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      typeof value === "string" ? reveal(value, `fleet.environment.${name}`) : String(value),
    ]),
  );
}
