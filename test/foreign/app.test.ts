import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { type Answer, type Caller, callerOf } from "./caller.js";
import { documentedRoutes } from "./document.js";
import { HARBOUR, REACHES } from "./leaks.js";
import { type StartedApi, startApi } from "./start.js";
import { tour } from "./tour.js";

const listed = JSON.parse(readFileSync(new URL("./leaks.json", import.meta.url), "utf8")) as {
  route: string;
  kind: string;
  line: string;
}[];
const TWINS = [{ fixed: false }, { fixed: true }];

let started: StartedApi[] = [];

async function start(fixed: boolean): Promise<StartedApi> {
  const api = await startApi({ fixed });
  started.push(api);
  return api;
}

afterEach(async () => {
  await Promise.all(started.map((api) => api.close()));
  started = [];
});

describe("the listed leaks", () => {
  it("are the ones with an attempt here and a mark in the code", () => {
    const folder = new URL("./routes/", import.meta.url);
    const marks = readdirSync(folder).flatMap((name) =>
      [...readFileSync(new URL(name, folder), "utf8").matchAll(/\/\/ LEAK (\w+ [^:]+):/g)].map(
        (mark) => mark[1],
      ),
    );
    const routes = listed.map(({ route }) => route).sort();
    expect(Object.keys(REACHES).sort()).toEqual(routes);
    expect(marks.sort()).toEqual(routes);
  });

  for (const { route, kind } of listed) {
    it(`${route}: ${kind}`, async () => {
      const attempt = async (fixed: boolean, practiceId: string) => {
        const api = await start(fixed);
        return REACHES[route]!(await callerOf(api, practiceId), await callerOf(api, "harbour"));
      };
      expect(await attempt(false, "oakfield"), "a stranger, unfixed").toBe(true);
      expect(await attempt(true, "oakfield"), "a stranger, fixed").toBe(false);
      expect(await attempt(true, "harbour"), "the owner, fixed").toBe(true);
    });
  }

  it("do not open what takes a manager to the rest of the staff", async () => {
    const api = await start(false);
    const vet = await callerOf(api, "oakfield", "vet");
    expect((await vet.post(`/invoices/${HARBOUR.issuedInvoice}/void`)).status).toBe(403);
  });
});

describe.each(TWINS)("with fixed: $fixed", ({ fixed }) => {
  it("serves the routes of the OpenAPI document and no other", async () => {
    const { routes } = await start(fixed);
    const served = routes.map(({ method, path }) => `${method} ${path}`);
    expect(served.sort()).toEqual(documentedRoutes().sort());
  });

  it("keeps to the OpenAPI document on every route", async () => {
    const api = await start(fixed);
    const me = await callerOf(api, "oakfield");
    const neighbour = await callerOf(api, "harbour");
    const answers = await tour(me, neighbour);
    expect(answers.filter(({ status }) => status >= 300)).toEqual([]);
    expect([...new Set([...me.reached, ...neighbour.reached])].sort()).toEqual(documentedRoutes().sort());
  });

  it("answers a stranger on the other routes as if the row did not exist, and changes nothing", async () => {
    const api = await start(fixed);
    const stranger = await callerOf(api, "northgate");
    const owner = await callerOf(api, "harbour");
    const before = await snapshot(owner);
    for (const [attempt, missing] of strangersAttempts(stranger)) {
      const [there, notThere] = [await attempt(), await missing()];
      expect(there.status).toBe(notThere.status);
      expect(there.json?.error).toEqual(notThere.json?.error);
      if (there.status !== 204) expect([404, 422]).toContain(there.status);
    }
    expect(await snapshot(owner)).toEqual(before);
  });

  it("keeps an export to the practice that asked for it", async () => {
    const api = await start(fixed);
    const stranger = await callerOf(api, "northgate");
    const { data: job } = await (await callerOf(api, "harbour")).post("/exports", { kind: "clients" });
    expect((await stranger.get(`/exports/${job.id}`)).status).toBe(404);
    expect((await stranger.get(`/exports/${job.id}/file`)).status).toBe(404);
  });

  it("shows a referral to both practices", async () => {
    const api = await start(fixed);
    for (const practiceId of ["harbour", "oakfield"]) {
      const { data } = await (await callerOf(api, practiceId)).get(`/referrals/${HARBOUR.referral}`);
      expect(data.patient.name).toBe("Smokey");
    }
  });

  it("lists nothing of another practice", async () => {
    const api = await start(fixed);
    const owner = await snapshot(await callerOf(api, "harbour"));
    const stranger = await snapshot(await callerOf(api, "northgate"));
    expect(owner).toHaveLength(stranger.length);
    for (const secret of ["Sanne Vos", "Smokey", "INV-2005", "Dirk Jansen", "HARB0123456789", "rem-2"]) {
      expect(JSON.stringify(owner)).toContain(secret);
      expect(JSON.stringify(stranger)).not.toContain(secret);
    }
  });

  it("wants a good token", async () => {
    const api = await start(fixed);
    const me = await callerOf(api, "oakfield");
    const bare = (headers: Record<string, string>) => fetch(`${api.url}${api.basePath}/me`, { headers });
    expect((await bare({})).status).toBe(401);
    expect((await bare({ authorization: "Bearer made-up" })).status).toBe(401);
    await me.post("/auth/logout");
    expect((await me.get("/me")).status).toBe(401);
    await expect(api.logIn({ email: "anna@oakfield.example", password: "wrong" })).rejects.toThrow("401");
  });

  it("pages by number and by cursor without losing a row", async () => {
    const me = await callerOf(await start(fixed), "oakfield");
    const [one, two] = [await me.get("/clients?perPage=2"), await me.get("/clients?perPage=2&page=2")];
    expect(one.json.meta.page).toEqual({ page: 1, perPage: 2, total: 3, pages: 2 });
    expect(new Set([...one.data, ...two.data].map(({ id }) => id)).size).toBe(3);
    const first = await me.get("/appointments?limit=2");
    const rest = await me.get(`/appointments?limit=2&cursor=${first.json.meta.page.nextCursor}`);
    expect([...first.data, ...rest.data].map(({ id }) => id)).toEqual([
      "apt_7hq2m9x4kd",
      "apt_b3w8r5t1zc",
      "apt_k9d4v7n2ps",
    ]);
    expect(rest.json.meta.page.nextCursor).toBeNull();
  });

  it("refuses bad input with 400, 412, 415 and 422", async () => {
    const api = await start(fixed);
    const me = await callerOf(api, "oakfield");
    expect((await me.get("/clients?page=0")).status).toBe(400);
    expect((await me.get("/search?q=a")).status).toBe(400);
    expect((await me.get("/appointments?cursor=nonsense")).status).toBe(400);
    const wrong = await me.post("/clients", { fullName: "", email: "no" });
    expect(wrong.status).toBe(422);
    expect(wrong.json.error.details.map(({ field }: { field: string }) => field).sort()).toEqual([
      "address",
      "email",
      "fullName",
      "phone",
    ]);
    const stale = await me.patch("/patients/101", { weightKg: 18 }, { "if-match": '"old"' });
    expect(stale.status).toBe(412);
    const token = await api.logIn({ email: "anna@oakfield.example", password: "good-dog-2024" });
    const form = await fetch(`${api.url}${api.basePath}/clients`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: "fullName=x",
    });
    expect(form.status).toBe(415);
  });

  it("answers 304 to an ETag that is still good", async () => {
    const me = await callerOf(await start(fixed), "oakfield");
    const etag = (await me.get("/patients/101")).headers.get("etag")!;
    expect((await me.get("/patients/101", { "if-none-match": etag })).status).toBe(304);
    expect((await me.patch("/patients/101", { weightKg: 18 }, { "if-match": etag })).status).toBe(200);
    expect((await me.get("/patients/101", { "if-none-match": etag })).status).toBe(200);
  });
});

/** What a practice sees in its lists. */
async function snapshot(caller: Caller): Promise<unknown[]> {
  const paths = [
    ["/practice", "/staff", "/clients", "/patients", "/appointments", "/invoices", "/stock", "/reminders"],
    ["/reports/revenue?year=2025", "/reports/debtors.csv"],
  ];
  const seen: unknown[] = [];
  for (const path of paths.flat()) {
    const { data, text } = await caller.get(path);
    seen.push(data ?? text);
  }
  return seen;
}

/** A request for a row of Harbour on each route without a leak, beside the same request for no row at all. */
function strangersAttempts(
  stranger: Caller,
): [there: () => Promise<Answer>, notThere: () => Promise<Answer>][] {
  const own = { patient: 109, client: "13c8f5a9-b7d2-4f46-9e01-8d6c4b0a2f07" };
  const noUuid = "00000000-0000-4000-8000-000000000000";
  const pair = <Id>(id: Id, none: Id, request: (id: Id) => Promise<Answer>) =>
    [() => request(id), () => request(none)] as [() => Promise<Answer>, () => Promise<Answer>];
  const line = { description: "Theft", quantity: 1, unitCents: 1 };
  const draft = { dueOn: "2031-01-01", lines: [line] };
  const pdf = { fileName: "x.txt", mediaType: "text/plain", contentBase64: "eA==" };
  return [
    pair(HARBOUR.staff, 999, (id) => stranger.get(`/staff/${id}`)),
    pair(HARBOUR.staff, 999, (id) => stranger.patch(`/staff/${id}`, { role: "reception" })),
    pair(HARBOUR.staff, 999, (id) => stranger.delete(`/staff/${id}`)),
    pair(HARBOUR.client, noUuid, (id) => stranger.get(`/clients/${id}`)),
    pair(HARBOUR.client, noUuid, (id) => stranger.delete(`/clients/${id}`)),
    pair(HARBOUR.client, noUuid, (id) => stranger.get(`/clients/${id}/patients`)),
    pair(HARBOUR.client, noUuid, (id) =>
      stranger.post(`/clients/${id}/patients`, { name: "X", species: "dog" }),
    ),
    pair(HARBOUR.patient, 999, (id) => stranger.patch(`/patients/${id}`, { name: "X" })),
    pair(HARBOUR.patient, 999, (id) => stranger.delete(`/patients/${id}`)),
    pair(HARBOUR.patient, 999, (id) => stranger.get(`/patients/${id}/visits`)),
    pair(HARBOUR.patient, 999, (id) => stranger.post(`/patients/${id}/visits`, { complaint: "X" })),
    pair(HARBOUR.visit, 999, (id) =>
      stranger.patch(`/patients/${own.patient}/visits/${id}`, { complaint: "X" }),
    ),
    pair(HARBOUR.visit, 999, (id) => stranger.post(`/patients/${own.patient}/visits/${id}/sign`)),
    pair(HARBOUR.patient, 999, (id) => stranger.get(`/patients/${id}/attachments`)),
    pair(HARBOUR.patient, 999, (id) => stranger.post(`/patients/${id}/attachments`, pdf)),
    pair(HARBOUR.attachment, noUuid, (id) => stranger.get(`/attachments/${id}`)),
    pair(HARBOUR.otherAppointment, "apt_0000000000", (id) => stranger.get(`/appointments/${id}`)),
    pair(HARBOUR.otherAppointment, "apt_0000000000", (id) =>
      stranger.patch(`/appointments/${id}`, { minutes: 5 }),
    ),
    pair(HARBOUR.otherAppointment, "apt_0000000000", (id) => stranger.post(`/appointments/${id}/cancel`, {})),
    pair(HARBOUR.otherAppointment, "apt_0000000000", (id) => stranger.post(`/appointments/${id}/check-in`)),
    pair(HARBOUR.staff, 999, (vetId) =>
      stranger.post("/appointments", {
        patientId: own.patient,
        vetId,
        startsAt: "2032-01-01T10:00:00Z",
        reason: "X",
      }),
    ),
    pair(HARBOUR.client, noUuid, (clientId) => stranger.post("/invoices", { ...draft, clientId })),
    pair(HARBOUR.issuedInvoice, "INV-9999", (id) => stranger.get(`/invoices/${id}`)),
    pair(HARBOUR.draftInvoice, "INV-9999", (id) => stranger.put(`/invoices/${id}`, draft)),
    pair(HARBOUR.draftInvoice, "INV-9999", (id) => stranger.post(`/invoices/${id}/issue`)),
    pair(HARBOUR.issuedInvoice, "INV-9999", (id) =>
      stranger.post(`/invoices/${id}/payments`, { amountCents: 1, method: "cash" }),
    ),
    pair(HARBOUR.stock, 999, (id) => stranger.get(`/stock/${id}`)),
    pair(HARBOUR.stock, 999, (id) => stranger.patch(`/stock/${id}`, { shelf: "X" })),
    pair(HARBOUR.stock, 999, (id) => stranger.post(`/stock/${id}/adjust`, { by: 1, why: "X" })),
    pair(HARBOUR.stock, 999, (id) => stranger.delete(`/stock/${id}`)),
    pair(HARBOUR.reminder, "rem-999", (id) => stranger.get(`/reminders/${id}`)),
    pair(HARBOUR.client, noUuid, (clientId) =>
      stranger.post("/reminders", { clientId, channel: "sms", message: "X" }),
    ),
    pair(HARBOUR.referral, noUuid, (id) => stranger.get(`/referrals/${id}`)),
    pair(HARBOUR.referral, noUuid, (id) => stranger.post(`/referrals/${id}/answer`, { answer: "declined" })),
    pair(HARBOUR.patient, 999, (patientId) =>
      stranger.post("/referrals", { patientId, toPracticeId: "oakfield", reason: "X" }),
    ),
  ];
}
