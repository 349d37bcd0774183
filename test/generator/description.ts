/** The rules that a planted leak is named by. */
export const leakRules = [
  "isolation/list",
  "isolation/read-by-id",
  "isolation/tenant-override",
  "isolation/update",
  "isolation/delete",
  "isolation/create-into-tenant",
  "isolation/foreign-key-connect",
  "isolation/nested-include",
  "isolation/child-through-parent",
  "isolation/aggregate",
  "isolation/filter-oracle",
  "isolation/existence-oracle",
  "isolation/unique-conflict",
  "isolation/bulk",
  "isolation/export",
  "isolation/shared-cache",
  "isolation/tenant-missing",
  "isolation/context-bleed",
  "isolation/events",
  "isolation/error-text",
  "isolation/sub-scope",
] as const;
export type LeakRule = (typeof leakRules)[number];

export type IdKind = "uuid" | "serial" | "tenant-serial" | "object-id" | "nanoid" | "prefixed";
export type Pagination =
  | "none"
  | "page-from-1"
  | "page-from-0"
  | "offset"
  | "cursor"
  | "starting-after"
  | "link-header"
  | "page[number]";
export type Envelope = "array" | "items" | "data" | "hal" | "json-api";
export type FieldKind = "text" | "number" | "enum" | "date" | "email" | "code" | "reference" | "references";

export interface Field {
  /** In camel case; `spell` gives what goes over the wire. */
  readonly name: string;
  readonly kind: FieldKind;
  readonly isRequired: boolean;
  readonly choices?: readonly string[];
  /** Singular of the resource that a reference names. */
  readonly target?: string;
  readonly maxLength?: number;
}

export interface Resource {
  readonly singular: string;
  readonly plural: string;
  readonly idKind: IdKind;
  /** The name between braces in its paths. */
  readonly idParameter: string;
  /** The resource below which all its routes stand. */
  readonly parent: Resource | undefined;
  readonly fields: readonly Field[];
  /** The free text by which people know the object. */
  readonly title: string;
  /** The field that no two rows of one tenant share. */
  readonly uniqueField: string | undefined;
  readonly hasCategory: boolean;
  readonly isUnitScoped: boolean;
  /** Rows that each tenant has from the start, each of its units. */
  readonly rowsPerTenant: number;
  readonly creation: { readonly status: 200 | 201; readonly answers: "object" | "id" | "location" };
  readonly update: "PATCH" | "PUT" | undefined;
  readonly deletion: "hard" | "soft" | undefined;
  readonly action: string | undefined;
  readonly bulk: "update" | "delete" | "get" | undefined;
  readonly search: boolean;
  /** How single fields are filtered by. */
  readonly filters: "plain" | "bracket" | undefined;
  readonly sorts: boolean;
  readonly includes: boolean;
  readonly hasHistory: boolean;
  readonly hasLookup: boolean;
  readonly hasAvailability: boolean;
  readonly hasExport: boolean;
  readonly hasDownloadLink: boolean;
}

export interface Noise {
  readonly timestamps: boolean;
  readonly randomOrder: boolean;
  readonly requestIds: boolean;
  readonly echoes: boolean;
  readonly misleadingData: boolean;
  readonly compression: boolean;
  /** Reads see what was written this many milliseconds ago. */
  readonly lag: number;
  /** Requests a second of one token before 429; 0 for no limit. */
  readonly rateLimit: number;
  /** Share of requests that end in a random 500. */
  readonly failures: number;
}

export interface Leak {
  readonly rule: LeakRule;
  readonly variant: string;
  /** Singular of the resource that has it; undefined where the whole API has. */
  readonly resource: string | undefined;
  /** Where it may rightly be reported, in the document's spelling. */
  readonly routes: readonly string[];
  /** Other rules that the same fault honestly is. */
  readonly alsoAcceptable: readonly LeakRule[];
}

/** Everything that is to know of one API: pure data, drawn from a seed. */
export interface GeneratedApi {
  readonly seed: number;
  /** Which drawing of the seed this is: features are drawn anew until the leak has a place. */
  readonly attempt: number;
  readonly openapi: "3.0.3" | "3.1.0";
  /** Stands in the server's URL, not in the document's paths. */
  readonly prefix: string;
  readonly letterCase: "camel" | "snake";
  readonly hasTrailingSlash: boolean;
  readonly tenancy: {
    readonly by: "header" | "claim" | "path";
    readonly header: string | undefined;
    /** What a request without the header gets. */
    readonly whenMissing: "claim" | "refused";
    readonly whenForeign: "refused" | "ignored";
    readonly field: string;
    readonly isInRows: boolean;
  };
  readonly token: { readonly header: string; readonly scheme: string };
  readonly denial: {
    readonly status: 200 | 403 | 404;
    readonly body: "json" | "problem" | "html";
    /** Nothing is ever refused with another status. */
    readonly isEverything: boolean;
  };
  readonly invalidStatus: 400 | 422;
  readonly envelope: Envelope;
  /** JSON:API of bodies too, not of answers alone. */
  readonly wrapsBodies: boolean;
  readonly pagination: Pagination;
  readonly pageSize: number;
  readonly resources: readonly Resource[];
  readonly catalogue: { readonly singular: string; readonly plural: string } | undefined;
  readonly subScope: { readonly header: string; readonly field: string } | undefined;
  readonly hasStats: boolean;
  readonly hasExportJobs: boolean;
  readonly hasEventStream: boolean;
  readonly hasWebhooks: boolean;
  readonly documentsExamples: boolean;
  readonly documentsAnswers: boolean;
  readonly noise: Noise;
  readonly leak: Leak | undefined;
}

/** Whether this is the fault that the API has, in this place. */
export function isPlanted(
  { leak }: GeneratedApi,
  rule: LeakRule,
  variant: string,
  resource?: Resource,
): boolean {
  return (
    leak?.rule === rule &&
    leak.variant === variant &&
    (leak.resource === undefined || resource === undefined || leak.resource === resource.singular)
  );
}
