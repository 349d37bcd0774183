import { environment } from "./environment.js";

/** One name for each class of leaks: what `LEAK` takes. README.md says where each of them is. */
export const LEAKS = [
  "read-by-id",
  "list",
  "tenant-override",
  "update",
  "delete",
  "create-into-tenant",
  "foreign-key-connect",
  "nested-include",
  "child-through-parent",
  "aggregate",
  "filter-oracle",
  "existence-oracle",
  "unique-conflict",
  "bulk",
  "export",
  "shared-cache",
  "tenant-missing",
  "context-bleed",
  "events",
  "error-text",
  "sub-scope",
] as const;
export type Leak = (typeof LEAKS)[number];

/** The leaks that are switched on. Read once, at the start. */
export const activeLeaks: readonly Leak[] = parseLeaks(environment.leak);

/** Whether the application has this fault, for an isolation check to find. */
export const leaks = (leak: Leak): boolean => activeLeaks.includes(leak);

/** A typing error must not look like an application without that leak. */
function parseLeaks(list: string): Leak[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map((name) => {
      const leak = LEAKS.find((known) => known === name);
      if (!leak)
        throw new Error(`LEAK is "${name}": use ${LEAKS.join(", ")}, or several with commas between`);
      return leak;
    });
}
