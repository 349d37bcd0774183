import type { Planted } from "./planted.js";

/** Fields that usually name a tenant, and those in which the answer to a creation holds its creator's tenant. */
export function tenantFieldsOf({ exchange, owner }: Planted, usual: readonly string[]): string[] {
  const shown = exchange.parsed.leaves.flatMap(({ path, value }) =>
    value === owner.tenantId ? [path.split(/[.\]]/).at(-1)!] : [],
  );
  return [...new Set([...usual, ...shown])];
}
