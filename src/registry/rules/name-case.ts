import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";
import { distinctPlaces } from "../module/types.js";

/** `asset` where Prisma passes `Asset`: the lookup never matches, and the guard is silently off. */
export function nameCase({ models }: RegistryContext): FindingDraft[] {
  return models.flatMap(({ model, entries }) =>
    distinctPlaces(entries)
      .filter((entry) => entry.name !== model.name)
      .map((entry) => ({
        rule: "registry/name-case" as const,
        subject: { model: model.name, ...entry.location },
        message: `the registry lists ${entry.name}, and Prisma passes ${model.name}: the guard never fires for it`,
        remedy: `Write "${model.name}" in place of "${entry.name}".`,
        evidence: { listed: entry.name, category: entry.category },
      })),
  );
}
