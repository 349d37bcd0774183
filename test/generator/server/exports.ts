import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Resource } from "../description.js";
import { invalid } from "./input.js";
import { findOne } from "./lookup.js";
import { present } from "./present.js";
import { deny, refuse } from "./refusals.js";
import { type Answer, type Call, hasId, leaks, type ServerState, tableOf } from "./state.js";
import { isInScope, type Scope, seenValues } from "./store.js";

/** Milliseconds that an export takes. */
const jobTime = 80;
/** Seconds for which a signed link opens. */
const linkLife = 300;
const signingKey = randomBytes(32);

export function exportCsv(state: ServerState, { operation }: Call, scope: Scope): Answer {
  const resource = operation.resource!;
  return csvOf(state, resource, scope, leaks(state, "isolation/export", "csv of every tenant", resource));
}

function csvOf(state: ServerState, resource: Resource, scope: Scope, isOpen: boolean): Answer {
  const objects = tableOf(state, resource.singular)
    .seen()
    .filter((row) => seenValues(row)?.deletedAt === undefined && (isOpen || isInScope(row, scope)))
    .map((row) => present(state.api, resource, row, seenValues(row)!));
  const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const lines = objects.map((object) => columns.map((column) => cell(object[column])).join(","));
  return {
    status: 200,
    type: "text/csv; charset=utf-8",
    headers: { "content-disposition": `attachment; filename="${resource.plural}.csv"` },
    body: [columns.join(","), ...lines, ""].join("\r\n"),
  };
}

function cell(value: unknown): string {
  const text = Array.isArray(value) ? value.join(" ") : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `POST /exports`: 202, then a status to ask for, then a file. */
export function startJob(state: ServerState, { body, target }: Call, scope: Scope): Answer {
  const roots = state.api.resources.filter(({ parent }) => !parent);
  const asked = (body as { resource?: unknown } | undefined)?.resource;
  const resource = roots.find(({ plural }) => plural === asked);
  if (!resource)
    return invalid(state, `resource has to be one of ${roots.map(({ plural }) => plural).join(", ")}`);
  const id = randomUUID();
  state.jobs.set(id, { id, tenant: scope.tenant, resource, scope, readyAt: Date.now() + jobTime });
  const [path] = target.split("?") as [string];
  const location = `${path.replace(/\/$/, "")}/${id}${state.api.hasTrailingSlash ? "/" : ""}`;
  return { status: 202, headers: { location }, body: { id, status: "pending" } };
}

export function jobStatus(state: ServerState, { parameters, target }: Call, scope: Scope): Answer {
  const job = state.jobs.get(parameters.exportId!);
  if (job?.tenant !== scope.tenant) return deny(state, "export", parameters.exportId!);
  if (job.readyAt > Date.now()) return { status: 200, body: { id: job.id, status: "pending" } };
  const [path] = target.split("?") as [string];
  const slash = state.api.hasTrailingSlash ? "/" : "";
  const url = new URL(`${path.replace(/\/$/, "")}/file${slash}`, state.url).href;
  return { status: 200, body: { id: job.id, status: "done", url } };
}

export function jobFile(state: ServerState, { parameters }: Call, scope: Scope): Answer {
  const job = state.jobs.get(parameters.exportId!);
  const isOpen =
    leaks(state, "isolation/export", "file by the job's id alone") ||
    leaks(state, "isolation/export", "file without a token");
  if (!job || (job.tenant !== scope.tenant && !isOpen)) return deny(state, "export", parameters.exportId!);
  if (job.readyAt > Date.now()) return refuse(state, 409, "The export is not ready");
  return csvOf(state, job.resource, job.scope, leaks(state, "isolation/export", "job of every tenant"));
}

/** A link to one object's file that opens without a token, for a while: its signature is the key. */
export function downloadLink(state: ServerState, call: Call, scope: Scope): Answer {
  const resource = call.operation.resource!;
  const found = findOne(state, call, scope, "seen");
  if ("refusal" in found) return found.refusal;
  const expires = Math.floor(Date.now() / 1000) + linkLife;
  const name = `${resource.singular}/${found.row.tenant}/${found.row.id}`;
  const url = new URL(`${state.url}/files/${name}`);
  url.searchParams.set("expires", String(expires));
  url.searchParams.set("signature", signatureOf(name, expires));
  return { status: 200, body: { url: url.href, expiresAt: new Date(expires * 1000).toISOString() } };
}

function signatureOf(name: string, expires: number): string {
  return createHmac("sha256", signingKey).update(`${name}\n${expires}`).digest("hex");
}

/** What a signed link opens. The route is no part of the document. */
export function signedFile(state: ServerState, name: string, query: URLSearchParams): Answer {
  const expires = Number(query.get("expires"));
  const said = Buffer.from(query.get("signature") ?? "");
  const right = Buffer.from(signatureOf(name, expires));
  const isSigned = said.length === right.length && timingSafeEqual(said, right);
  if (!isSigned || expires * 1000 < Date.now()) return refuse(state, 403, "The link is not valid");
  const [singular, tenant, id] = name.split("/") as [string, string, string];
  const { resource } = tableOf(state, singular);
  const row = tableOf(state, singular)
    .seen()
    .find((each) => hasId(each, id) && each.tenant === tenant);
  if (!row) return refuse(state, 404, "No such file");
  return { status: 200, body: present(state.api, resource, row, seenValues(row)!) };
}
