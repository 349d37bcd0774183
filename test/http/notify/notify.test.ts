import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Announcement, type Channel, notifyAll, notifyCheck } from "../../../src/notify/index.js";
import { usualPatience } from "../../../src/notify/retry.js";
import { freePort } from "../../support/free-port.js";
import { startMailServer } from "../../support/mail-server.js";
import { project } from "../../support/project.js";
import { startReceiver, status } from "../../support/receiver.js";

const complete: Announcement = {
  ...{
    app: "divanco-api",
    version: "2.4.0",
    environment: "production",
    phase: "production",
    verdict: "pass",
  },
  at: "2026-11-24T10:00:00.000Z",
};
const failed: Announcement = { ...complete, phase: "canary", verdict: "fail" };
const quick = { ...usualPatience, first: 20, longest: 1500 };

let receiver: Awaited<ReturnType<typeof startReceiver>>;
let mailbox: Awaited<ReturnType<typeof startMailServer>>;
beforeAll(async () => {
  receiver = await startReceiver();
  mailbox = await startMailServer("bot", "mail-password-1");
});
afterAll(async () => {
  await receiver.close();
  await mailbox.close();
});

const tell = (channels: Channel[], announcement = complete, isDryRun = false, templates = {}) =>
  notifyAll(
    channels.map((channel) => ({ channel })),
    announcement,
    { templates, isDryRun, patience: quick },
  );
const tellOne = async (channel: Channel, announcement = complete) =>
  (await tell([channel], announcement))[0]!;

const slack = (path = "/services/T0/B0/secret-part"): Channel => ({
  ...{ name: "team", type: "slack", url: receiver.origin + path, secrets: [receiver.origin + path] },
});

describe("what each channel is sent", () => {
  test("slack: the plan's words, with what a value may hold made harmless", async () => {
    expect(await tellOne(slack())).toMatchObject({ status: "sent", attempts: 1 });
    await tellOne(slack(), { ...complete, version: "<!channel> & co" });
    const [first, second] = receiver.taken();
    expect(first).toMatchObject({
      path: "/services/T0/B0/secret-part",
      body: { text: "Tenant isolation hardening deployed: divanco-api 2.4.0 on production" },
    });
    expect(second!.body).toMatchObject({ text: expect.stringContaining("&lt;!channel&gt; &amp; co") });
  });

  test("what failed is not called deployed, and a template of config goes before", async () => {
    await tellOne(slack(), failed);
    await tell([slack()], failed, false, { canary: "{phase} of {version}: {verdict}" });
    await tellOne({ ...slack(), template: "mine: {app}" } as Channel, failed);
    await tellOne(slack(), { ...failed, text: "by hand" });
    expect(receiver.taken().map(({ body }) => (body as { text: string }).text)).toEqual([
      "divanco-api 2.4.0 on production: canary fail",
      "canary of 2.4.0: fail",
      "mine: divanco-api",
      "by hand",
    ]);
  });

  test("webhook: everything that is known, or a body of one's own with headers", async () => {
    const hook = { name: "hook", type: "webhook", url: `${receiver.origin}/hook`, secrets: [] } as const;
    await tellOne(hook);
    const body = { event: "deploy", tags: ["{app}", "{phase}"], count: 1 };
    await tellOne({ ...hook, headers: { "X-Key": "k-1" }, body });
    const [plain, own] = receiver.taken();
    expect(plain!.body).toEqual({
      text: "Tenant isolation hardening deployed: divanco-api 2.4.0 on production",
      ...complete,
    });
    expect(own).toMatchObject({
      headers: { "x-key": "k-1", "content-type": "application/json" },
      body: { event: "deploy", tags: ["divanco-api", "production"], count: 1 },
    });
  });

  test("pagerduty: what fails opens an incident, what passes ends the same one", async () => {
    const pager: Channel = {
      ...{ name: "pager", type: "pagerduty", routingKey: "R0UT1NG", url: `${receiver.origin}/v2/enqueue` },
      secrets: ["R0UT1NG"],
    };
    await tellOne(pager, failed);
    await tellOne(pager);
    const [trigger, resolve] = receiver.taken().map(({ body }) => body);
    expect(trigger).toMatchObject({
      ...{ routing_key: "R0UT1NG", event_action: "trigger", dedup_key: "tenantctl/divanco-api/production" },
      payload: {
        ...{ summary: "divanco-api 2.4.0 on production: canary fail", severity: "critical" },
        ...{ source: "divanco-api production", timestamp: complete.at },
      },
    });
    expect(resolve).toEqual({
      ...{ routing_key: "R0UT1NG", event_action: "resolve", dedup_key: "tenantctl/divanco-api/production" },
    });
  });

  test("status page: told of what is complete; strangers hear of nothing else", async () => {
    const page: Channel = {
      ...{ name: "page", type: "statuspage", url: `${receiver.origin}/v1/pages/p/incidents`, token: "t0ken" },
      secrets: ["t0ken"],
    };
    expect(await tellOne(page, failed)).toMatchObject({ status: "skipped" });
    await tellOne(page);
    const [only, ...rest] = receiver.taken();
    expect(rest).toEqual([]);
    expect(only).toMatchObject({
      headers: { authorization: "OAuth t0ken" },
      body: { incident: { name: "Security enhancement completed", status: "resolved" } },
    });
  });

  test("file: one line, once, also where the last one has no end", async () => {
    const path = join(project({}), "CHANGES.md");
    writeFileSync(path, "# Changes\n- older");
    const log = { name: "log", type: "file", path, secrets: [] } as const;
    await tellOne(log);
    await tellOne(log);
    expect(readFileSync(path, "utf8")).toBe(
      `# Changes\n- older\n- ${complete.at}: Tenant isolation hardening deployed (divanco-api 2.4.0, production)\n`,
    );
    expect(await tellOne({ ...log, path: join(path, "no-folder") })).toMatchObject({
      ...{ status: "unreached", attempts: 1, reason: expect.stringContaining("ENOTDIR") },
    });
  });

  test("a channel that wants other phases is left alone", async () => {
    const choosy = { ...slack(), phases: ["rollback"] } as Channel;
    expect(await tellOne(choosy)).toMatchObject({ status: "skipped", reason: "it is told of rollback only" });
    expect(receiver.taken()).toEqual([]);
  });
});

describe("mail", () => {
  const letter = (own: object = {}): Channel => ({
    ...{ name: "mail", type: "email", host: "127.0.0.1", port: mailbox.port, from: "ops@example.com" },
    ...{ to: ["team@example.com", "security@example.com"], secrets: ["mail-password-1"] },
    ...own,
  });
  const bot = { user: "bot", password: "mail-password-1" };

  test("goes to all readers, with subject and text", async () => {
    expect(await tellOne(letter())).toMatchObject({ status: "sent" });
    const [mail] = mailbox.taken();
    expect(mail).toMatchObject({ from: "ops@example.com", to: ["team@example.com", "security@example.com"] });
    expect(mail!.text).toContain(
      "Subject: Tenant isolation hardening deployed: divanco-api 2.4.0 on\r\n production",
    );
  });

  test("a subject can't add headers", async () => {
    await tellOne(letter({ subject: "deployed {version}" }), {
      ...complete,
      version: "1\r\nBcc: all@example.com",
    });
    const [mail] = mailbox.taken();
    expect(mail!.text).toContain("Subject: deployed 1 Bcc: all@example.com");
    expect(mail!.to).toHaveLength(2);
  });

  test("a server that is busy is asked again, one that refuses is not", async () => {
    mailbox.refuse(451, 451);
    expect(await tellOne(letter())).toMatchObject({ status: "sent", attempts: 3 });
    mailbox.refuse(554);
    expect(await tellOne(letter())).toMatchObject({ status: "unreached", attempts: 1 });
    mailbox.refuse();
    expect(mailbox.taken()).toHaveLength(1);
  });

  test("a user signs in; a wrong password is not tried twice", async () => {
    expect(await tellOne(letter(bot))).toMatchObject({ status: "sent" });
    expect(mailbox.taken()).toMatchObject([{ user: "bot", isEncrypted: false }]);
    expect(await tellOne(letter({ ...bot, password: "wrong-password" }))).toMatchObject({
      ...{ status: "unreached", attempts: 1, reason: expect.stringContaining("refuses user or password") },
    });
  });

  test("a certificate that is not trusted gets no password where TLS is wanted", async () => {
    const delivery = await tellOne(letter({ ...bot, requireTls: true }));
    expect(delivery).toMatchObject({ status: "unreached", reason: expect.stringMatching(/certificate/) });
    expect(JSON.stringify(delivery)).not.toContain("mail-password-1");
    expect(mailbox.taken()).toEqual([]);
  });
});

describe("a channel that fails", () => {
  test("is tried again after errors of the server, until it is taken", async () => {
    receiver.answer(status(500), status(503), (response) => response.destroy());
    expect(await tellOne(slack())).toMatchObject({ status: "sent", attempts: 4 });
    expect(receiver.taken()).toHaveLength(4);
  });

  test("is not tried again where it refuses", async () => {
    receiver.answer(status(404));
    expect(await tellOne(slack())).toMatchObject({
      ...{ status: "unreached", attempts: 1, reason: "it answered 404" },
    });
    receiver.taken();
  });

  test("is waited for as it asks, and given up where it asks for too much", async () => {
    receiver.answer(status(429, { "retry-after": "1" }));
    expect(await tellOne(slack())).toMatchObject({ status: "sent", attempts: 2 });
    const [first, second] = receiver.taken();
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(990);
    receiver.answer(status(429, { "retry-after": "3600" }));
    expect(await tellOne(slack())).toMatchObject({ status: "unreached", attempts: 1 });
    receiver.taken();
  });

  test("is given up in the end, holds up no other, and never tells its secret path", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/services/T0/B0/secret-part`;
    const dead: Channel = { name: "dead", type: "slack", url, secrets: [url] };
    const deliveries = await tell([dead, slack()]);
    expect(deliveries).toMatchObject([{ status: "unreached", attempts: 4 }, { status: "sent" }]);
    expect(JSON.stringify(deliveries)).not.toContain("secret-part");
    const outcome = notifyCheck(deliveries);
    expect(outcome.obstacle).toBeUndefined();
    expect(outcome.drafts.map(({ rule, message }) => `${rule} ${message}`)).toEqual([
      expect.stringMatching(
        /^notify\/unreached-channel dead \(slack\) was not told: .*nothing listens there/,
      ),
    ]);
    expect(notifyCheck(deliveries.slice(0, 1)).obstacle).toMatchObject({ status: "error" });
    expect(notifyCheck(deliveries.slice(1)).drafts).toEqual([]);
    receiver.taken();
  });
});

test("a dry run shows what would be sent, without secrets, and sends nothing", async () => {
  const deliveries = await tell([slack()], complete, true);
  expect(deliveries).toMatchObject([
    {
      status: "planned",
      shown: { post: `${receiver.origin}/[redacted]`, body: { text: expect.stringContaining("2.4.0") } },
    },
  ]);
  expect(JSON.stringify(deliveries)).not.toContain("secret-part");
  expect(receiver.taken()).toEqual([]);
});

test("a placeholder that does not exist is told, with the nearest one", async () => {
  const wrong = { ...slack(), template: "{versoin} is out" } as Channel;
  expect(await tellOne(wrong)).toMatchObject({
    status: "unreached",
    reason: expect.stringContaining("{version}"),
  });
});
