import type { Location } from "../schema/types.js";

/** The four categories of a registry. */
export const categories = ["tenant-scoped", "sub-scoped", "global", "special"] as const;
export type Category = (typeof categories)[number];

/** The exports that hold them, as the registry module names them. */
export const exportNames: Readonly<Record<Category, string>> = {
  "tenant-scoped": "TENANT_SCOPED_MODELS",
  "sub-scoped": "BUSINESS_UNIT_SCOPED_MODELS",
  global: "GLOBAL_MODELS",
  special: "SPECIAL_HANDLING_MODELS",
};

/** The keys of `defineRegistry({...})`. */
const registryKeys: Readonly<Record<Category, string>> = {
  "tenant-scoped": "tenantScoped",
  "sub-scoped": "subScoped",
  global: "global",
  special: "special",
};

export interface RegistryEntry {
  readonly name: string;
  readonly category: Category;
  readonly location: Location;
  /** Where the name is written, exactly. A list that spreads another shares the places of its names. */
  readonly place: string;
}

/** Entries written in one place are one: a list that spreads another repeats none of its names. */
export function distinctPlaces(entries: readonly RegistryEntry[]): RegistryEntry[] {
  return [...new Map(entries.map((entry) => [`${entry.place} ${entry.name}`, entry])).values()];
}

/** Entries of the same name together, in the order in which the names come first. */
export function entriesByName(entries: readonly RegistryEntry[]): [RegistryEntry, ...RegistryEntry[]][] {
  const groups = new Map<string, [RegistryEntry, ...RegistryEntry[]]>();
  for (const entry of entries) {
    const group = groups.get(entry.name);
    if (group) group.push(entry);
    else groups.set(entry.name, [entry]);
  }
  return [...groups.values()];
}

/** `registry.ts:4` for each entry, or nothing where there is only one: evidence of a finding on them all. */
export function placesOf(entries: readonly RegistryEntry[]): { places?: string[] } {
  const places = entries.map(({ location }) => `${location.file}:${location.line}`);
  return places.length > 1 ? { places } : {};
}

export interface Registry {
  /** Path as shown. */
  readonly file: string;
  readonly entries: readonly RegistryEntry[];
  /** `static` where it was read without running anything. */
  readonly readBy: "static" | "child process";
}

/** In place of a registry, where an application has none. */
export const noRegistry: Registry = { file: "", entries: [], readBy: "static" };

/** Names in the sub-scoped category. */
export function subScopedNames({ entries }: Registry): string[] {
  return entries.filter(({ category }) => category === "sub-scoped").map(({ name }) => name);
}

const aliases: ReadonlyMap<string, Category> = new Map(
  categories.flatMap((category) => [
    [normalized(exportNames[category]), category] as const,
    [normalized(registryKeys[category]), category] as const,
    [normalized(`${registryKeys[category]}_MODELS`), category] as const,
  ]),
);

/** The category that an export or key stands for, whatever its spelling: `tenantScopedModels` counts. */
export function categoryOf(exportName: string): Category | undefined {
  return aliases.get(normalized(exportName));
}

function normalized(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}
