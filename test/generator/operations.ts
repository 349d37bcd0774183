import type { GeneratedApi, Resource } from "./description.js";
import { spell } from "./fields.js";
import { separated } from "./words.js";

export type OperationKind =
  | "list"
  | "create"
  | "read"
  | "update"
  | "delete"
  | "action"
  | "history"
  | "lookup"
  | "availability"
  | "bulk"
  | "export"
  | "download-link"
  | "catalogue"
  | "stats"
  | "export-job"
  | "export-status"
  | "export-file"
  | "events"
  | "webhook-create"
  | "webhook-list"
  | "webhook-delete";

/** One line of the API's document. */
export interface Operation {
  readonly kind: OperationKind;
  readonly method: string;
  /** As the document spells it: without the prefix, with names between braces. */
  readonly path: string;
  readonly resource: Resource | undefined;
}

/** Everything that the API can do, in the order of its document. */
export function operationsOf(api: GeneratedApi): Operation[] {
  const plain: [OperationKind, string, string, Resource?][] = api.resources.flatMap((resource) =>
    operationsOn(api, resource),
  );
  if (api.catalogue) plain.push(["catalogue", "GET", `/${separated(api.catalogue.plural, "-")}`]);
  if (api.hasStats) plain.push(["stats", "GET", "/stats"]);
  if (api.hasExportJobs)
    plain.push(
      ["export-job", "POST", "/exports"],
      ["export-status", "GET", "/exports/{exportId}"],
      ["export-file", "GET", "/exports/{exportId}/file"],
    );
  if (api.hasEventStream) plain.push(["events", "GET", "/events"]);
  if (api.hasWebhooks)
    plain.push(
      ["webhook-create", "POST", "/webhooks"],
      ["webhook-list", "GET", "/webhooks"],
      ["webhook-delete", "DELETE", "/webhooks/{webhookId}"],
    );
  return plain.map(([kind, method, path, resource]) => ({
    ...{ kind, method, resource },
    path: `${api.tenancy.by === "path" ? "/t/{tenantId}" : ""}${path}${api.hasTrailingSlash ? "/" : ""}`,
  }));
}

/** The path below which a resource's objects stand, its parent's id between braces. */
function collectionOf(resource: Resource): string {
  const own = `/${separated(resource.plural, "-")}`;
  return resource.parent ? `${collectionOf(resource.parent)}/{${resource.parent.singular}Id}${own}` : own;
}

function operationsOn(api: GeneratedApi, resource: Resource): [OperationKind, string, string, Resource][] {
  const collection = collectionOf(resource);
  const item = `${collection}/{${resource.idParameter}}`;
  const unique = spell(api, resource.uniqueField ?? "");
  const all: [boolean, OperationKind, string, string][] = [
    [true, "list", "GET", collection],
    [true, "create", "POST", collection],
    [resource.hasExport, "export", "GET", `${collection}/export`],
    [resource.hasAvailability, "availability", "GET", `${collection}/availability`],
    [resource.hasLookup, "lookup", "GET", `${collection}/by-${unique}/{${unique}}`],
    [
      resource.bulk !== undefined,
      "bulk",
      "POST",
      `${collection}/bulk${resource.bulk === "update" ? "" : `-${resource.bulk}`}`,
    ],
    [true, "read", "GET", item],
    [resource.update !== undefined, "update", resource.update ?? "", item],
    [resource.deletion !== undefined, "delete", "DELETE", item],
    [resource.action !== undefined, "action", "POST", `${item}/${resource.action}`],
    [resource.hasHistory, "history", "GET", `${item}/history`],
    [resource.hasDownloadLink, "download-link", "GET", `${item}/download-link`],
  ];
  return all.flatMap(([isThere, kind, method, path]) => (isThere ? [[kind, method, path, resource]] : []));
}

/** `GET /invoices/{id}`, as findings name it. */
export function routeOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}
