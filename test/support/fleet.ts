import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { SshServer } from "./sshd.js";

const pm2 = fileURLToPath(new URL("../../node_modules/.bin/pm2", import.meta.url));

export interface RigHost {
  readonly name: string;
  readonly port: number;
  /** Folder of its releases. */
  readonly root: string;
  readonly pm2Home: string;
}

/** Hosts on this machine: each with a folder, a port and a pm2 daemon of its own. */
export class FleetRig {
  private constructor(
    /** A folder of the rig's; gone at its end. */
    readonly folder: string,
    readonly hosts: readonly RigHost[],
    readonly inventory: string,
  ) {}

  static async start(count: number): Promise<FleetRig> {
    // Short: a socket's path has 107 characters at most, and pm2's is below it.
    const folder = mkdtempSync(join(tmpdir(), "fleet-"));
    const ports = await freePorts(count);
    const hosts = ports.map((port, index) => {
      const home = join(folder, `h${index + 1}`);
      mkdirSync(join(home, "app"), { recursive: true });
      return { name: `web${index + 1}`, port, root: join(home, "app"), pm2Home: join(home, "pm2") };
    });
    const inventory = join(folder, "inventory.ini");
    const rig = new FleetRig(folder, hosts, inventory);
    rig.writeInventory();
    return rig;
  }

  /**
   * Writes the inventory: all hosts in group `app`, and a group `empty`.
   *
   * @param unreachable names of hosts that are reached by an address where no ssh listens
   * @param servers by which hosts are reached, in their order; without them they are this machine
   */
  writeInventory(unreachable: readonly string[] = [], servers: readonly SshServer[] = []): void {
    const line = ({ name, port, root, pm2Home }: RigHost, index: number) => {
      const way = unreachable.includes(name)
        ? "ansible_connection=ssh ansible_host=127.0.0.1 ansible_port=1"
        : wayTo(servers[index]);
      const own = `fleet_port=${port} fleet_root=${root} pm2_home=${pm2Home} zone=${"abc"[index % 3]}`;
      return `${name} ${way} ansible_python_interpreter=/usr/bin/python3 ansible_pipelining=true ${own}`;
    };
    writeFileSync(
      this.inventory,
      ["[app]", ...this.hosts.map(line), "", "[empty]", "", "[all:vars]", ...this.variables, ""].join("\n"),
    );
  }

  /** What every host of the rig has in common. */
  private get variables(): string[] {
    return [
      "fleet_programs_environment={'PM2_HOME': '{{ pm2_home }}'}",
      `fleet_pm2=[${JSON.stringify(process.execPath)}, ${JSON.stringify(pm2)}]`,
      `fleet_node=[${JSON.stringify(process.execPath)}]`,
    ];
  }

  /** Runs pm2 on a host. */
  async pm2({ pm2Home }: RigHost, ...words: readonly string[]): Promise<void> {
    const options = { env: { ...process.env, PM2_HOME: pm2Home }, cwd: this.folder };
    await promisify(execFile)(process.execPath, [pm2, ...words], options);
  }

  /** What a host's application says of itself; undefined where it does not answer. */
  async health({ port }: RigHost): Promise<Record<string, unknown> | undefined> {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/health`, { headers: { connection: "close" } });
      return (await answer.json()) as Record<string, unknown>;
    } catch {
      return undefined;
    }
  }

  /** Ends pm2 and what runs under it. */
  async stop(): Promise<void> {
    await Promise.all(this.hosts.map((host) => this.pm2(host, "kill")));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function wayTo(server: SshServer | undefined): string {
  if (!server) return "ansible_connection=local ansible_host=127.0.0.1";
  const { address, port, privateKey, clientArguments } = server;
  const key = `ansible_ssh_private_key_file=${privateKey}`;
  return `ansible_host=${address} ansible_port=${port} ansible_user=${userInfo().username} ${key} ansible_ssh_common_args='${clientArguments}'`;
}

export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
