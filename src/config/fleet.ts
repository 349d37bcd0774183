import * as v from "valibot";
import { longestTimeout } from "./limits.js";

const text = v.pipe(v.string(), v.trim(), v.minLength(1, "it is empty"));
const words = v.pipe(v.array(text), v.minLength(1, "it names no program"));
const seconds = v.pipe(v.number(), v.gtValue(0), v.maxValue(longestTimeout));
const whole = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least));
const variable = v.pipe(text, v.regex(/^[A-Za-z_]\w*$/, "it is no name of a variable"));
const absolute = v.pipe(
  text,
  v.regex(/^\/(?!\.{0,2}$)[\w./@+-]+$/, "it has to be an absolute path of letters, digits, . _ @ + -"),
);
const below = v.pipe(text, v.regex(/^(?!\/|.*\.\.)[\w./@+-]+$/, "it has to be a path below a release"));
const healthUrl = v.pipe(
  text,
  v.check(
    (url) => URL.canParse(url.replace(/\{\w+\}/g, "1")),
    "it has to be a URL, with {host} for the host",
  ),
);

const pm2 = v.strictObject({
  process: v.optional(text),
  /** What it starts, below a release. */
  script: v.optional(below),
  instances: v.optional(whole(1)),
  mode: v.optional(v.picklist(["cluster", "fork"])),
  /** The application calls process.send("ready"). */
  waitReady: v.optional(v.boolean()),
  listenTimeout: v.optional(seconds),
  killTimeout: v.optional(seconds),
  /** Words that run it. */
  command: v.optional(words),
  /** PM2_HOME. */
  home: v.optional(text),
});

const health = v.strictObject({
  /** `{host}`, `{port}`, or any variable of the inventory. */
  url: v.optional(healthUrl),
  /** As the host itself reaches it, where that is another URL. */
  local: v.optional(healthUrl),
  /** Where the answer has the version: a field, or a JSON pointer. */
  version: v.optional(text),
  /** Where it has the guard's mode. */
  guard: v.optional(text),
  timeout: v.optional(seconds),
});

/** `fleet`: the hosts, how they are reached, and what runs on them. */
export const fleet = v.strictObject({
  inventory: v.optional(v.union([text, v.pipe(v.array(text), v.minLength(1, "it names no inventory"))])),
  group: v.optional(text),
  /** The variable of the inventory that says in which zone a host is. */
  zone: v.optional(variable),
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535))),
  portVariable: v.optional(variable),
  /** Folder on each host. */
  releases: v.optional(absolute),
  keep: v.optional(whole(2)),
  pm2: v.optional(pm2),
  node: v.optional(words),
  health: v.optional(health),
  /** Of the application. */
  environment: v.optional(v.record(variable, v.union([v.string(), v.number(), v.boolean()]))),
  guardVariable: v.optional(variable),
  /** Commands in a new release's folder, without a shell. */
  prepare: v.optional(v.array(words)),
  /** Start a release beside the old one before the switch. */
  candidate: v.optional(v.boolean()),
  /** Seconds that a release has to go on serving. */
  stable: v.optional(seconds),
  become: v.optional(v.union([v.boolean(), text])),
  privateKey: v.optional(text),
  bastion: v.optional(v.pipe(text, v.regex(/^[\w.@:,[\]-]+$/, "write it as user@host:22"), v.regex(/^[^-]/))),
  sshArguments: v.optional(text),
  vaultPasswordFiles: v.optional(v.array(text)),
  forks: v.optional(whole(1)),
  /** More words for ansible-playbook. */
  arguments: v.optional(v.array(text)),
  /** More variables for playbooks. */
  variables: v.optional(v.record(variable, v.unknown())),
  /** Playbooks of one's own in place of ours. */
  playbooks: v.optional(
    v.strictObject({
      canary: v.optional(text),
      production: v.optional(text),
      rollback: v.optional(text),
      partialRollback: v.optional(text),
      status: v.optional(text),
    }),
  ),
  /** Seconds that one playbook may take. */
  timeout: v.optional(seconds),
});
