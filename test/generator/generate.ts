import type { Envelope, GeneratedApi, IdKind, LeakRule, Pagination, Resource } from "./description.js";
import { leakRules } from "./description.js";
import { drawFields, drawReferences } from "./fields.js";
import { leakVariants } from "./leaks/index.js";
import { drawNoise } from "./noise.js";
import { type Random, randomOf } from "./random.js";
import { actions, catalogueNouns, nouns } from "./words.js";

export interface GenerateOptions {
  /** Plants this class; without it chance decides, and now and then for none. */
  readonly leakOf?: LeakRule;
  /** Only together with `leakOf`. */
  readonly variant?: string;
  /** Plants nothing at all. */
  readonly isSound?: boolean;
}

/** Share of seeds that have no leak although one may be drawn. */
const soundShare = 0.1;
/** Features are drawn until the leak has a place; rare ones need a few hundred drawings. */
const maximumAttempts = 5000;

/**
 * One small API, with one leak or none. The same seed and options give the same API.
 *
 * @throws Error where no drawing of the seed has a place for the leak: a variant that nothing fits is a defect.
 */
export function generateApi(seed: number, options: GenerateOptions = {}): GeneratedApi {
  const random = randomOf(seed, "leak");
  const isSound = options.isSound || (!options.leakOf && random.chance(soundShare));
  if (isSound) return drawApi(seed, 0);
  const rule = options.leakOf ?? random.pick(leakRules);
  const variants = leakVariants.filter((each) => each.rule === rule);
  const chosen = random.pick(variants.map(({ variant }) => variant));
  const variant = variants.find((each) => each.variant === (options.variant ?? chosen));
  if (!variant) throw new Error(`${rule} has no variant "${options.variant}"`);
  for (let attempt = 0; attempt < maximumAttempts; attempt += 1) {
    const api = drawApi(seed, attempt);
    const places = variant.places(api);
    if (places.length === 0) continue;
    const { resource, routes } = random.pick(places);
    const { alsoAcceptable } = variant;
    return { ...api, leak: { rule, variant: variant.variant, resource, routes, alsoAcceptable } };
  }
  throw new Error(`no drawing of seed ${seed} has a place for ${rule}, ${variant.variant}`);
}

function drawApi(seed: number, attempt: number): GeneratedApi {
  const random = randomOf(seed, "api", attempt);
  const envelope = random.pick<Envelope>(["array", "items", "items", "data", "data", "hal", "json-api"]);
  const pagination = random.pick(paginationsOf(envelope));
  const letterCase = random.pick(["camel", "camel", "snake"] as const);
  const hasUnits = random.chance(0.25);
  const catalogue = random.chance(0.35) ? random.pick(catalogueNouns) : undefined;
  const pageSize = random.pick([5, 10, 20]);
  const resources = drawResources(random, { hasUnits, hasCategory: catalogue !== undefined, pageSize });
  const by = random.pick(["header", "header", "claim", "claim", "path"] as const);
  const denial = drawDenial(random);
  return {
    ...{ seed, attempt, envelope, pagination, letterCase, resources, denial, pageSize },
    openapi: random.pick(["3.0.3", "3.1.0"] as const),
    prefix: random.pick(["", "/api", "/api/v1"]),
    hasTrailingSlash: random.chance(0.1),
    tenancy: {
      by,
      header:
        by === "header" ? random.pick(["X-Tenant-ID", "X-Tenant-ID", "X-Org-Id", "X-Workspace"]) : undefined,
      whenMissing: random.pick(["claim", "refused"] as const),
      whenForeign: denial.isEverything ? "ignored" : random.pick(["refused", "refused", "ignored"] as const),
      field: random.pick(["tenantId", "tenantId", "organizationId", "workspaceId"]),
      isInRows: random.chance(0.4),
    },
    token: random.pick([
      { header: "Authorization", scheme: "Bearer" },
      { header: "Authorization", scheme: "Bearer" },
      { header: "X-API-Key", scheme: "" },
    ]),
    invalidStatus: random.pick([400, 422] as const),
    wrapsBodies: envelope === "json-api" && random.chance(0.5),
    catalogue: catalogue && { singular: catalogue[0], plural: catalogue[1] },
    subScope: hasUnits
      ? random.pick([
          { header: "X-Business-Unit-ID", field: "businessUnitId" },
          { header: "X-Location", field: "locationId" },
        ])
      : undefined,
    hasStats: random.chance(0.4),
    hasExportJobs: random.chance(0.25),
    hasEventStream: random.chance(0.2),
    hasWebhooks: random.chance(0.2),
    documentsExamples: random.chance(0.4),
    documentsAnswers: random.chance(0.7),
    noise: drawNoise(random),
    leak: undefined,
  };
}

/** A bare list has no room for a cursor, and JSON:API has a way of its own. */
function paginationsOf(envelope: Envelope): readonly Pagination[] {
  if (envelope === "json-api") return ["none", "page[number]", "page[number]", "cursor"];
  if (envelope === "array") return ["none", "page-from-1", "offset", "starting-after", "link-header"];
  return [
    "none",
    "page-from-1",
    "page-from-1",
    "page-from-0",
    "offset",
    "cursor",
    "starting-after",
    "link-header",
  ];
}

function drawDenial(random: Random): GeneratedApi["denial"] {
  const isEverything = random.chance(0.1);
  const status = isEverything ? 404 : random.pick([403, 404, 404, 404, 404, 200] as const);
  return {
    status,
    isEverything,
    body: status === 200 ? "json" : random.pick(["json", "json", "problem", "html"] as const),
  };
}

interface Surroundings {
  readonly hasUnits: boolean;
  readonly hasCategory: boolean;
  readonly pageSize: number;
}

function drawResources(random: Random, surroundings: Surroundings): Resource[] {
  const resources: Resource[] = [];
  const parameterStyle = random.pick(["id", "own"] as const);
  for (const [singular, plural] of random.some(nouns, random.between(1, 4))) {
    const roots = resources.filter(({ parent }) => !parent);
    const parent = roots.length > 0 && random.chance(0.35) ? random.pick(roots) : undefined;
    const references = drawReferences(
      random,
      roots.filter((each) => each !== parent),
    );
    const idParameter = parameterStyle === "id" ? "id" : `${singular}Id`;
    resources.push({
      ...drawResource(random, surroundings, parent, references),
      singular,
      plural,
      idParameter,
    });
  }
  return resources;
}

function drawResource(
  random: Random,
  { hasUnits, hasCategory, pageSize }: Surroundings,
  parent: Resource | undefined,
  references: Resource["fields"],
): Omit<Resource, "singular" | "plural" | "idParameter"> {
  const { fields, title, uniqueField } = drawFields(random);
  const isUnique = uniqueField !== undefined;
  return {
    ...{ parent, title, uniqueField, fields: [...fields, ...references] },
    idKind: random.pick<IdKind>([
      "uuid",
      "uuid",
      "serial",
      "tenant-serial",
      "object-id",
      "nanoid",
      "prefixed",
    ]),
    hasCategory: hasCategory && random.chance(0.5),
    isUnitScoped: hasUnits && (parent ? parent.isUnitScoped : random.chance(0.7)),
    rowsPerTenant: random.chance(0.3) ? Math.round(2.5 * pageSize) : random.between(2, 4),
    creation: {
      status: random.pick([201, 201, 200] as const),
      answers: random.pick(["object", "object", "object", "id", "location"] as const),
    },
    update: random.pick(["PATCH", "PATCH", "PUT", undefined] as const),
    deletion: random.pick(["hard", "hard", "soft", undefined] as const),
    action: random.chance(0.3) ? random.pick(Object.keys(actions)) : undefined,
    bulk: !parent && random.chance(0.3) ? random.pick(["update", "delete", "get"] as const) : undefined,
    search: random.chance(0.4),
    filters: random.pick(["plain", "bracket", undefined] as const),
    sorts: random.chance(0.4),
    includes: random.chance(0.3),
    hasHistory: random.chance(0.15),
    hasLookup: isUnique && !parent && random.chance(0.2),
    hasAvailability: isUnique && !parent && random.chance(0.2),
    hasExport: !parent && random.chance(0.25),
    hasDownloadLink: !parent && random.chance(0.15),
  };
}
