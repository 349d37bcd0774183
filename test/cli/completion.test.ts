import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { tenantctl } from "../support/cli.js";

const scripts: Record<string, string> = {};
beforeAll(async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    scripts[shell] = (await tenantctl(["completion", shell])).stdout;
  }
});

/** What the shell itself offers behind a command line; the last word may be begun. */
function offers(shell: string, words: readonly string[]): string[] {
  const run = (command: string, args: string[], input?: string) => {
    const result = spawnSync(command, args, { encoding: "utf8", input });
    expect(result.error, `${command} has to be installed`).toBeUndefined();
    expect(result.stderr).toBe("");
    return result.stdout.split(/\s+/).filter(Boolean).sort();
  };
  const line = ["tenantctl", ...words];
  switch (shell) {
    case "bash": {
      const list = line.map((word) => `'${word}'`).join(" ");
      const script = `${scripts.bash}\nCOMP_WORDS=(${list}); COMP_CWORD=${line.length - 1}; _tenantctl; printf '%s\\n' "\${COMPREPLY[@]}"`;
      return run("bash", ["--norc", "-c", script]);
    }
    case "zsh": {
      // compadd works inside a completion only: here it prints what it is given.
      const list = line.map((word) => `'${word}'`).join(" ");
      const script = `compdef() { :; }\ncompadd() { shift; local each; for each in "$@"; do [[ $each == \${words[CURRENT]}* ]] && print -r -- $each; done; return 0; }\n${scripts.zsh}\nwords=(${list}); CURRENT=${line.length}; _tenantctl`;
      return run("zsh", ["-f", "-c", script]);
    }
    default:
      return run("fish", [
        "--no-config",
        "-c",
        `${scripts.fish}\ncomplete -C '${line.join(" ")}' | string split -f1 \\t`,
      ]);
  }
}

describe.each(["bash", "zsh", "fish"])("%s", (shell) => {
  test("completes commands, nouns' verbs, options, their values, and rules", () => {
    expect(offers(shell, ["re"])).toEqual(["registry", "report-schema"]);
    expect(offers(shell, ["db", ""])).toEqual(
      expect.arrayContaining(["distribution", "orphans", "readiness", "references"]),
    );
    expect(offers(shell, ["db", "orphans", "--de"])).toEqual(["--deep"]);
    expect(offers(shell, ["audit", "--format", "s"])).toEqual(["sarif"]);
    expect(offers(shell, ["explain", "db/tenant"])).toEqual(["db/tenant-skew"]);
    expect(offers(shell, ["completion", "f"])).toEqual(["fish"]);
  });
});

test("an unknown shell is wrong usage", async () => {
  const { code, stderr } = await tenantctl(["completion", "tcsh"]);
  expect(code).toBe(64);
  expect(stderr).toMatch(/bash, zsh, fish/);
});
