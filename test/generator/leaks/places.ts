import type { GeneratedApi, LeakRule, Resource } from "../description.js";
import { type Operation, type OperationKind, operationsOf, routeOf } from "../operations.js";

/** Where a fault would sit in one API. */
export interface Place {
  readonly resource: string | undefined;
  readonly routes: readonly string[];
}

/** One way in which real applications leak by one class. The server has its code, under the same words. */
export interface LeakVariant {
  readonly rule: LeakRule;
  readonly variant: string;
  /** None where the API lacks the feature. */
  readonly places: (api: GeneratedApi) => readonly Place[];
  readonly alsoAcceptable: readonly LeakRule[];
}

export type Condition = (resource: Resource, api: GeneratedApi) => boolean;
/** Ids that count per tenant name another object for each tenant: by such an id nothing of B's can be asked for. */
export const hasGlobalIds: Condition = ({ idKind }) => idKind !== "tenant-serial";
export const isRoot: Condition = ({ parent }) => parent === undefined;
export const isNested: Condition = ({ parent, idKind }) => parent !== undefined && idKind !== "tenant-serial";
export const both =
  (...conditions: Condition[]): Condition =>
  (resource, api) =>
    conditions.every((condition) => condition(resource, api));

/** One place for each operation of a kind: the fault of a single handler. */
export function on(kind: OperationKind, ...conditions: Condition[]) {
  const condition = both(...conditions);
  return (api: GeneratedApi): Place[] =>
    operationsOf(api)
      .filter((each) => each.kind === kind && (!each.resource || condition(each.resource, api)))
      .map((each) => ({ resource: each.resource?.singular, routes: [routeOf(each)] }));
}

/** One place for each resource that has operations of these kinds: a fault that shows on several routes. */
export function across(kinds: readonly OperationKind[], ...conditions: Condition[]) {
  const condition = both(...conditions);
  return (api: GeneratedApi): Place[] =>
    api.resources
      .filter((resource) => condition(resource, api))
      .map((resource) => ({
        resource: resource.singular,
        routes: routesWhere(api, (each) => each.resource === resource && kinds.includes(each.kind)),
      }))
      .filter(({ routes }) => routes.length > 0);
}

/** One place, the whole API: the fault of what all requests pass. */
export function everywhere(
  condition: (api: GeneratedApi) => boolean,
  chosen: (operation: Operation) => boolean = () => true,
) {
  return (api: GeneratedApi): Place[] =>
    condition(api) ? [{ resource: undefined, routes: routesWhere(api, chosen) }] : [];
}

export function routesWhere(api: GeneratedApi, chosen: (operation: Operation) => boolean): string[] {
  return operationsOf(api).filter(chosen).map(routeOf);
}

export const hasReference = (kind: "reference" | "references") => (resource: Resource, api: GeneratedApi) =>
  resource.fields.some(
    (field) =>
      field.kind === kind &&
      api.resources.some(({ singular, idKind }) => singular === field.target && idKind !== "tenant-serial"),
  );
export const hasTotals = (api: GeneratedApi) => api.envelope !== "array";
export const refuses = (api: GeneratedApi) => api.denial.status !== 200;
export const isByPath = (api: GeneratedApi) => api.tenancy.by === "path";
export const isByHeader = (api: GeneratedApi) => api.tenancy.by === "header";
export const isShown: Condition = ({ creation }) => creation.answers !== "location";

/** A variant, its places, and other rules that the same fault honestly is. */
export type Row = readonly [string, LeakVariant["places"], ...LeakRule[]];
/** Variants by class. */
export type Rows = Partial<Record<LeakRule, readonly Row[]>>;
