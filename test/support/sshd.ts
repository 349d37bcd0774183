import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { findProgram } from "../../src/adapters/programs.js";

/** An SSH server of our own on a loopback address; only the rig's key opens it. */
export interface SshServer {
  readonly address: string;
  readonly port: number;
  /** The client's key. */
  readonly privateKey: string;
  /** Options that make ssh know the server. */
  readonly clientArguments: string;
  stop(): Promise<void>;
}

/** Starts Debian's sshd in the foreground, with keys made for it. */
export async function startSshd(folder: string, address: string, port: number): Promise<SshServer> {
  mkdirSync(folder, { recursive: true });
  // Where sshd has no privileges while it talks to strangers; Debian's service makes it.
  mkdirSync("/run/sshd", { recursive: true });
  const [hostKey, clientKey] = ["host_key", "client_key"].map((name) => {
    const path = join(folder, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path]);
    return path;
  }) as [string, string];
  const authorized = join(folder, "authorized_keys");
  writeFileSync(authorized, execFileSync("ssh-keygen", ["-y", "-f", clientKey]));
  chmodSync(authorized, 0o600);
  const config = join(folder, "sshd_config");
  const lines = [
    `ListenAddress ${address}:${port}`,
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${authorized}`,
    ...["PasswordAuthentication no", "PermitRootLogin prohibit-password", "StrictModes no", "UsePAM no"],
    ...["PidFile none", "Subsystem sftp internal-sftp"],
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  const sshd = findProgram("sshd", { PATH: `${process.env.PATH}:/usr/sbin` })!;
  const child = spawn(sshd, ["-D", "-e", "-f", config], { stdio: "ignore" });
  await untilListening(address, port);
  const known = join(folder, "known_hosts");
  const publicKey = execFileSync("ssh-keygen", ["-y", "-f", hostKey], { encoding: "utf8" });
  writeFileSync(known, `[${address}]:${port} ${publicKey}`);
  return {
    ...{ address, port, privateKey: clientKey },
    clientArguments: `-o UserKnownHostsFile=${known} -o ControlMaster=no -o ControlPath=none`,
    stop: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill();
  await ended;
}

async function untilListening(host: string, port: number): Promise<void> {
  for (let tries = 100; tries > 0; tries -= 1) {
    const isOpen = await new Promise<boolean>((done) => {
      const socket = connect({ host, port }, () => done(true)).once("error", () => done(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`sshd does not listen on ${host}:${port}`);
}
