import { type Actor, type Binding, tenantPlaceholder, type Variation } from "../actor.js";

/** Of parameters that usually name a tenant. */
export const queryNames = [
  "tenantId",
  "tenant_id",
  "tenant",
  "organizationId",
  "organization_id",
  "orgId",
  "workspaceId",
];

/** A request that names such a tenant beside its token. */
export type Vary = (tenantId: string) => Variation;

/**
 * Ways to name another tenant: in the header, the path, a parameter.
 *
 * @param fields names of parameters beside the usual ones
 */
export function otherTenant(
  url: string,
  { tenantHeader }: Binding,
  fields: readonly string[] = [],
): [variant: string, vary: Vary][] {
  const byHeader: [string, Vary][] = tenantHeader
    ? [[`the header ${tenantHeader}`, (id) => ({ tenant: [id] })]]
    : [];
  const byPath: [string, Vary][] = url.includes(tenantPlaceholder)
    ? [
        ["the path", (id) => ({ pathTenant: id })],
        ["path and header", (id) => ({ pathTenant: id, tenant: [id] })],
      ]
    : [];
  const names = [...new Set([...queryNames, ...fields])];
  return [
    ...byHeader,
    ...byPath,
    ...names.map((name): [string, Vary] => [`?${name}=`, (id) => ({ query: { [name]: id } })]),
  ];
}

/** Requests without a tenant, with an empty one, with two; and without a token. */
export function missingTenant(
  attacker: Actor,
  victim: Actor,
  { tenantHeader: name }: Binding,
): [variant: string, variation: Variation][] {
  const ids = [attacker.tenantId, victim.tenantId];
  const byHeader: [string, Variation][] = name
    ? [
        [`without ${name}`, { tenant: [] }],
        [`with an empty ${name}`, { tenant: [""] }],
        [`with ${name} twice, the own tenant first`, { tenant: ids }],
        [`with ${name} twice, the other tenant first`, { tenant: ids.toReversed() }],
        [`with both tenants in one ${name}`, { tenant: [ids.join(",")] }],
      ]
    : [];
  const nobody: [string, Variation][] = [
    ["without a token", { isAnonymous: true }],
    ...(name
      ? [["without a token and a tenant", { isAnonymous: true, tenant: [] }] as [string, Variation]]
      : []),
  ];
  return [...byHeader, ...nobody];
}
