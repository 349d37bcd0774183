import type { FindingDraft } from "../../findings/finding.js";
import { nearestName } from "../../findings/nearest.js";
import type { RegistryContext } from "../context.js";
import { distinctPlaces, entriesByName, placesOf } from "../module/types.js";
import { wordsOf } from "../tenancy/words.js";

/** A name that no model has. A model with `@@ignore` exists, though Prisma Client does not see it. */
export function unknownModel({ strangers, schema }: RegistryContext): FindingDraft[] {
  const ignored = new Set(schema.ignoredModels.map((model) => model.name));
  const names = schema.models.map((model) => model.name);
  const unknown = distinctPlaces(strangers).filter((entry) => !ignored.has(entry.name));
  return entriesByName(unknown).map((entries) => {
    const [{ name, category, location }] = entries;
    const nearest = meantBy(name, schema.models) ?? nearestName(name, names);
    const lists = [...new Set(entries.map((entry) => entry.category))].join(" and ");
    return {
      rule: "registry/unknown-model",
      subject: { model: name, ...location },
      message: `the registry lists ${name} (${lists}), and the schema has no such model`,
      remedy: nearest
        ? `Did you mean "${nearest}"? Prisma passes the model's name to the guard, so "${name}" never matches.`
        : `Remove "${name}" from the registry, or add the model to the schema.`,
      evidence: { category, ...(nearest ? { nearest } : {}), ...placesOf(entries) },
    };
  });
}

/** A model meant by its table's name or its plural: `assets` for Asset. */
function meantBy(name: string, models: RegistryContext["schema"]["models"]): string | undefined {
  const words = wordsOf(name).join();
  return (
    models.find((model) => model.table === name) ??
    models.find((model) => wordsOf(model.name).join() === words)
  )?.name;
}
