import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";
import { distinctPlaces, entriesByName, exportNames, type RegistryEntry } from "../module/types.js";

/**
 * A name written twice, in one category or in two. A list that spreads another one (`[...UNIT_MODELS, "X"]`)
 * writes its names once, so it repeats none.
 */
export function duplicateModel({ models, strangers }: RegistryContext): FindingDraft[] {
  const groups = [...models.map(({ entries }) => entries), strangers].flatMap(entriesByName);
  return groups.flatMap((entries) => {
    const [first, ...repeats] = distinctPlaces(entries);
    return repeats.length === 0 ? [] : [finding(first!, repeats)];
  });
}

function finding(first: RegistryEntry, repeats: readonly RegistryEntry[]): FindingDraft {
  const lists = [...new Set([first, ...repeats].map((entry) => exportNames[entry.category]))];
  const places = [first, ...repeats].map(({ location }) => `${location.file}:${location.line}`);
  const where =
    lists.length === 1 ? `${repeats.length + 1} times in ${lists[0]}` : `in ${lists.join(" and ")}`;
  return {
    rule: "registry/duplicate-model",
    subject: { model: first.name, ...repeats[0]!.location },
    message: `${first.name} is listed ${where}: which rule applies depends on the order of the guard's lookups`,
    remedy: "Keep the one entry that is meant and delete the other.",
    evidence: { lists, places },
  };
}
