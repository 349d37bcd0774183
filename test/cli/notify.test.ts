import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { project } from "../support/project.js";
import { startReceiver, status } from "../support/receiver.js";
import { expectValidReport } from "../support/report-schema.js";

let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const config = {
  app: "divanco-api",
  notify: {
    channels: {
      team: { type: "slack", url: "env:HOOK" },
      log: { type: "file", path: "CHANGES.md" },
    },
  },
};
const files = (own: object = config) => ({ "tenantctl.config.json": JSON.stringify(own) });

async function notify(args: string[], own?: object, env?: NodeJS.ProcessEnv) {
  const cwd = project(files(own));
  const variables = env ?? { HOOK: `${receiver.origin}/services/secret-part` };
  const result = await tenantctlJson(["notify", "2.4.0", ...args], { cwd, env: variables });
  expectValidReport(result);
  expect(result.stdout + result.stderr).not.toContain("secret-part");
  return { ...result, cwd };
}

const statuses = ({ report }: Awaited<ReturnType<typeof notify>>) =>
  (report.checks[0]!.facts.deliveries as { channel: string; status: string }[]).map(
    ({ channel, status: each }) => `${channel} ${each}`,
  );

test("all channels are told", async () => {
  const result = await notify([]);
  expect(result.code).toBe(0);
  expect(statuses(result)).toEqual(["team sent", "log sent"]);
  expect(receiver.taken()).toMatchObject([
    { body: { text: "Tenant isolation hardening deployed: divanco-api 2.4.0 on default" } },
  ]);
  expect(readFileSync(join(result.cwd, "CHANGES.md"), "utf8")).toContain("divanco-api 2.4.0");
});

test("a dry run sends nothing, writes nothing, and shows what would be", async () => {
  const cwd = project(files());
  const env = { HOOK: `${receiver.origin}/services/secret-part` };
  const { code, stdout } = await tenantctl(["notify", "2.4.0", "--dry-run"], { cwd, env });
  expect(code).toBe(0);
  expect(stdout).toContain(`"post": "${receiver.origin}/[redacted]"`);
  expect(stdout).not.toContain("secret-part");
  expect(receiver.taken()).toEqual([]);
  expect(() => readFileSync(join(cwd, "CHANGES.md"))).toThrow(/ENOENT/);
});

test("one that can't be reached is a warning; exit 2 where none could be", async () => {
  receiver.answer(status(403));
  const some = await notify([]);
  expect(statuses(some)).toEqual(["team unreached", "log sent"]);
  expect(some.code).toBe(0);
  expect(some.report.checks[0]!.findings).toMatchObject([
    { rule: "notify/unreached-channel", severity: "warning", subject: { step: "team" } },
  ]);
  receiver.answer(status(403));
  expect((await notify(["--channel", "team"])).code).toBe(2);
  const unset = await notify(["--channel", "team"], config, {});
  expect(unset.code).toBe(2);
  expect(unset.report.checks[0]!.findings[0]!.message).toContain("HOOK is not set");
  receiver.taken();
});

test.each([
  ["no channels", [], {}, /no notify.channels/],
  ["an unknown channel", ["--channel", "teams"], config, /did you mean --channel team/],
  ["an unknown type", [], { notify: { channels: { a: { type: "slak", url: "x" } } } }, /slack/],
  ["an unknown key", [], { notify: { channels: { a: { type: "slack", url: "x", chanel: "y" } } } }, /chanel/],
])("%s ends with 64", async (_, args, own, expected) => {
  const { code, stderr } = await notify(args, own);
  expect(code).toBe(64);
  expect(stderr).toMatch(expected);
});
