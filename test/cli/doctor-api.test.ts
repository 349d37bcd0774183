import { afterAll, beforeAll, expect, test } from "vitest";
import type { Item } from "../../src/doctor/index.js";
import { tenantctl, tenantctlJson } from "../support/cli.js";
import { answers, fakePrograms } from "../support/fake-programs.js";
import { project } from "../support/project.js";
import { startProjectApi } from "../support/project-api.js";
import { tenantA, tenantB } from "../support/rental-api.js";
import { expectValidReport } from "../support/report-schema.js";

let api: Awaited<ReturnType<typeof startProjectApi>>;
beforeAll(async () => {
  api = await startProjectApi();
});
afterAll(() => api.close());

const jwt = (claims: object) =>
  ["{}", JSON.stringify(claims), "secret"].map((part) => Buffer.from(part).toString("base64url")).join(".");
const tokens = { TENANT_A: tenantA.id, TOKEN_A: tenantA.token, TENANT_B: tenantB.id, TOKEN_B: tenantB.token };

async function doctor(config: object, env: Record<string, string> = tokens) {
  const cwd = project({ "tenantctl.config.json": JSON.stringify(config) });
  const options = { cwd, env: { PATH: fakePrograms(answers), ...env } };
  const result = await tenantctlJson(["doctor"], options);
  expectValidReport(result);
  const items = result.report.checks.map(({ facts }) => facts as unknown as Item);
  const own = items.filter(({ group }) => group === "API");
  for (const [name, value] of Object.entries(env))
    if (/TOKEN|PASSWORD/.test(name)) expect(result.stdout + result.stderr).not.toContain(value);
  return {
    ...result,
    ids: own.map(({ id }) => id),
    item: (id: string) => own.find((each) => each.id === id),
    options,
  };
}

test("all that the API's checks need is there: base URL, document, two tenants", async () => {
  const end = Math.floor(Date.now() / 1000) + 3600;
  const TOKEN_A = jwt({ sub: "anna", exp: end });
  const { code, ids, item } = await doctor(
    { isolation: { baseUrl: api.base, openapi: api.openapi } },
    { ...tokens, TOKEN_A },
  );
  expect(ids).toEqual(["api", "openapi", "tenants/a", "tenants/b", "tenants"]);
  expect(item("openapi")?.found).toMatch(/, 13 routes$/);
  expect(item("tenants/a")?.found).toContain(`the token ends at ${new Date(end * 1000).toISOString()}`);
  expect(item("tenants/b")?.found).toMatch(/does not say when it ends/);
  expect(code).toBe(0);
});

test("what is missing says what it blocks and what mends it", async () => {
  const { code, item, report, options } = await doctor(
    {
      isolation: {
        baseUrl: "http://127.0.0.1:1",
        openapi: "nowhere.json",
        tenants: {
          a: { id: tenantA.id, token: "env:OLD_TOKEN" },
          b: { id: tenantB.id, token: "env:MISSING" },
          c: { id: "c", credentials: { password: "env:PASSWORD" } },
        },
      },
    },
    { OLD_TOKEN: jwt({ exp: 1_600_000_000 }), PASSWORD: "open sesame" },
  );
  expect(code).toBe(2);
  expect(item("api")).toMatchObject({
    status: "error",
    found: expect.stringMatching(/nothing listens there$/),
    hint: "start the application, or correct the base URL",
    blocks: "isolation check, smoke",
  });
  expect(item("openapi")?.found).toMatch(/can't read the OpenAPI document .*nowhere\.json: ENOENT/);
  expect(item("tenants/a")?.found).toBe("its token expired at 2020-09-13T12:26:40.000Z");
  expect(item("tenants/b")).toMatchObject({
    found: expect.stringMatching(/the environment variable MISSING is not set/),
    hint: expect.stringMatching(/^set it: export MISSING=/),
  });
  expect(item("tenants/c")?.found).toMatch(/config does not say how to sign in/);
  expect(report.checks.find(({ id }) => id === "tenants/a")?.reason).toMatch(
    /without it: isolation check, smoke; sign in again/,
  );
  const text = await tenantctl(["doctor"], { ...options, env: { ...options.env, COLUMNS: "80" } });
  expect(text.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text.stdout).toMatch(/\nAPI\n/);
});

test("one token for both tenants, and values and servers that smoke and load need", async () => {
  const steps = [{ name: "read", request: "GET /projects/{project}" }];
  const { code, item } = await doctor(
    {
      isolation: { baseUrl: api.base },
      smoke: { workflows: { projects: { steps } }, values: { project: "env:PROJECT" } },
      load: { baseline: api.base, candidate: "http://127.0.0.1:1" },
    },
    { ...tokens, TOKEN_B: tokens.TOKEN_A },
  );
  expect(code).toBe(2);
  expect(item("tenants")?.found).toMatch(/have the same token/);
  expect(item("smoke")?.found).toMatch(/PROJECT is not set/);
  expect(item("load/baseline")?.status).toBe("pass");
  expect(item("load/candidate")?.found).toMatch(/nothing listens there/);
});

test("a document alone, as init writes it, needs no tenants yet; without these sections nothing is asked", async () => {
  const alone = await doctor({ isolation: { openapi: api.openapi } }, {});
  expect(alone.code).toBe(0);
  expect(alone.item("tenants/a")).toMatchObject({
    status: "skipped",
    found: expect.stringMatching(/TENANT_A is not set/),
  });
  expect((await doctor({ app: "x" })).ids).toEqual([]);
});
