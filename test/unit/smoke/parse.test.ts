import { expect, test } from "vitest";
import { plannedSteps } from "../../../src/smoke/dry-run.js";
import { parseWorkflows } from "../../../src/smoke/parse.js";
import type { StepSection } from "../../../src/smoke/section.js";

const create: StepSection = {
  name: "create",
  request: "POST /assets",
  body: { name: "{canary}" },
  capture: { asset: "id" },
};
const parse = (steps: StepSection[], more: object = {}, shared: string[] = []) =>
  parseWorkflows({ workflows: { assets: { steps, ...more } } }, shared)[0]!;

test.each<[string, StepSection[], RegExp]>([
  [
    "a request without a method",
    [{ name: "x", request: "/assets" }],
    /steps\.0 \(x\): "\/assets" is no request/,
  ],
  ["a method that is none", [{ name: "x", request: "FETCH /assets" }], /is no request/],
  ["a path without a slash", [{ name: "x", request: "GET assets" }], /is no request/],
  [
    "an unknown placeholder",
    [create, { name: "x", request: "GET /assets/{aset}" }],
    /\{aset\} is not known, did you mean asset\?/,
  ],
  [
    "a placeholder of a later step",
    [{ name: "x", request: "GET /assets/{asset}" }, create],
    /\{asset\} is not known/,
  ],
  [
    "an unknown placeholder in an attempt",
    [{ ...create, hidden: "GET /assets/{it}" }],
    /\{it\} is not known/,
  ],
  ["a user that config does not name", [{ ...create, as: "viewer" }], /there is no user viewer/],
  ["a token that nothing captures", [{ ...create, as: "{session}" }], /no earlier step captures session/],
  [
    "a name that means something",
    [{ ...create, capture: { tenant: "id" } }],
    /\{tenant\} means something else/,
  ],
  ["two steps of one name", [create, create], /another step has that name/],
  ["a wait that changes", [{ ...create, until: { status: "x" } }], /a POST is not repeated/],
  ["a wait for nothing", [{ name: "x", request: "GET /x", within: "1s" }], /within says how long/],
  [
    "a place that is no pointer",
    [{ name: "x", request: "GET /x", expect: { "/a~b": 1 } }],
    /a ~ of a JSON pointer/,
  ],
  [
    "a pattern that is none",
    [{ name: "x", request: "GET /x", expect: { a: { matches: "(" } } }],
    /a: Invalid regular expression/,
  ],
  ["nothing expected", [{ name: "x", request: "GET /x", expect: { a: {} } }], /expects nothing/],
  ["no status", [{ name: "x", request: "GET /x", status: [] }], /expects nothing/],
  ["no attempt", [{ ...create, hidden: [] }], /tries nothing/],
])("%s is refused with its place", (_, steps, says) => {
  expect(() => parse(steps)).toThrow(says);
});

const othersTry = (steps: StepSection[], shared: string[] = []) =>
  Object.fromEntries(
    parse(steps, {}, shared).steps.map(({ name, secrecy: { attempts, proof } }) => [
      name,
      `${attempts.map(({ method, path }) => `${method} ${path}`).join(", ")} ${proof}`.trim(),
    ]),
  );

test("what others try where config does not say", () => {
  const steps: StepSection[] = [
    { name: "look up", request: "GET /units", capture: { unit: "/items/0/id" } },
    create,
    { name: "rent", request: "POST /assets/{asset}/rent", body: { unit: "{unit}" } },
    { name: "part", request: "POST /assets/{asset}/parts", capture: { part: "id" } },
    { name: "comment", request: "POST /assets/{asset}/comments", body: { text: "{canary}" } },
    { name: "history", request: "GET /assets/{asset}/history" },
    { name: "list", request: "GET /assets?search={canary}" },
    { name: "note", request: "POST /notes", body: { text: "{canary}" } },
    { name: "run a job", request: "POST /jobs" },
    { name: "refused", request: "POST /assets/{asset}/rent", status: 409 },
    { name: "delete", request: "DELETE /assets/{asset}" },
  ];
  expect(othersTry(steps)).toEqual({
    "look up": "GET /units none",
    create: "GET /assets/{asset}, GET /assets any",
    rent: "GET /assets/{asset}, GET /assets any",
    part: "GET /assets/{asset}/parts/{part}, GET /assets/{asset}/parts, GET /assets/{asset}, GET /assets any",
    comment: "GET /assets/{asset}/comments, GET /assets/{asset}, GET /assets any",
    history: "GET /assets/{asset}/history, GET /assets/{asset}, GET /assets any",
    list: "GET /assets?search={canary} none",
    note: "GET /notes any",
    "run a job": "none",
    refused: "none",
    delete: "GET /assets/{asset}, GET /assets any",
  });
});

test("what config says others try, and what everybody may see", () => {
  const hidden = ["GET /contracts/{asset}", { request: "PATCH /assets/{asset}", body: { name: "x" } }];
  expect(othersTry([{ ...create, hidden }])).toEqual({
    create: "GET /contracts/{asset}, PATCH /assets/{asset} every",
  });
  expect(othersTry([{ ...create, hidden: false }])).toEqual({ create: "none" });
  const plan = { name: "plan", request: "GET /plans?page=1", capture: { plan: "/items/0/id" } };
  expect(othersTry([plan], ["/plans"])).toEqual({ plan: "none" });
  expect(othersTry([plan])).toEqual({ plan: "GET /plans?page=1 none" });
});

test("a captured token is a secret, whichever step uses it, and no mark of its tenant", () => {
  const login: StepSection = {
    name: "login",
    request: "POST /login",
    as: "nobody",
    capture: { session: "token" },
  };
  const { steps } = parse([login], {
    finally: [{ name: "out", request: "DELETE /session", as: "{session}" }],
  });
  expect(steps[0]?.captures).toEqual([{ name: "session", place: "token", isSecret: true }]);
  expect(steps[0]?.secrecy.attempts).toEqual([]);
});

test("a dry run shows each step, with names in place of secrets", () => {
  const [plan] = parseWorkflows({
    users: { viewer: { a: "env:X" } },
    workflows: {
      one: {
        steps: [
          {
            ...{
              name: "login",
              request: "POST /login?x=1",
              as: "viewer",
              query: { apiKey: "literal-key", page: 2 },
            },
            ...{ headers: { "X-Admin-Key": "literal-secret", "X-Other": "env:KEY" } },
            body: { user: "u", password: "hunter2hunter2", inner: [{ token: "env:T" }] },
            expect: { user: "u", password: "hunter2hunter2", "/items": { contains: { id: "{tenant}" } } },
            capture: { session: "/session/id" },
            hidden: { request: "PATCH /users/{session}", body: { name: "x", token: "a-literal" } },
          },
          { name: "wait", request: "GET /jobs/1", until: { status: "DONE" }, within: "2s", hidden: false },
        ],
      },
    },
  });
  const [step, wait] = plannedSteps(plan!);
  expect(wait).toMatchObject({ until: 'status: "DONE", for 2 s', others: [], captures: {} });
  expect(step).toEqual({
    expects: ['user: "u"', 'password: "[redacted]"', '/items: it contains {"id":"{tenant}"}'],
    captures: { session: "/session/id" },
    ...{ step: "login", as: "viewer", request: "POST /login?x=1&apiKey=[redacted]&page=2", isCleanup: false },
    ...{ headers: { "X-Admin-Key": "[redacted]", "X-Other": "env:KEY" }, status: "2xx" },
    others: ['PATCH /users/{session} {"name":"x","token":"[redacted]"}'],
    body: { user: "u", password: "[redacted]", inner: [{ token: "env:T" }] },
  });
});
