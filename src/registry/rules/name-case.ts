import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";
import { distinctPlaces, placesOf } from "../module/types.js";

/** `asset` where Prisma passes `Asset`: the lookup never matches, and the guard is silently off. */
export function nameCase({ models }: RegistryContext): FindingDraft[] {
  return models.flatMap(({ model, entries }) => {
    const wrong = distinctPlaces(entries).filter((entry) => entry.name !== model.name);
    const [first] = wrong;
    if (!first) return [];
    const names = [...new Set(wrong.map(({ name }) => name))];
    const quoted = names.map((name) => `"${name}"`).join(" and ");
    return [
      {
        rule: "registry/name-case" as const,
        subject: { model: model.name, ...first.location },
        message: `the registry lists ${names.join(" and ")}, and Prisma passes ${model.name}: the guard never fires for it`,
        remedy: `Write "${model.name}" in place of ${quoted}.`,
        evidence: { listed: first.name, category: first.category, ...placesOf(wrong) },
      },
    ];
  });
}
