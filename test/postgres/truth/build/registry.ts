import type { Category, Model, RegistryEntry } from "../application.js";
import type { Dice } from "../dice.js";

/** Every model in the category that its shape asks for. */
export function registryOf(models: readonly Model[], dice: Dice): RegistryEntry[] {
  return models.flatMap((model) => {
    const category = categoryOf(model, dice);
    return category ? [{ category, name: model.name }] : [];
  });
}

function categoryOf(model: Model, dice: Dice): Category | undefined {
  switch (model.role) {
    case "tenant":
      return dice.pick(["global", "special"]);
    case "unit":
    case "scoped":
      return "tenant-scoped";
    case "sub-scoped":
      return "sub-scoped";
    case "special":
    case "shared":
      return "special";
    case "global":
      return "global";
    case "view":
      return model.tenantField ? "tenant-scoped" : "global";
    case "ignored":
      // Prisma Client does not see it, so a registry may list it or not.
      return dice.chance(0.4) ? (model.tenantField ? "tenant-scoped" : "global") : undefined;
    default:
      return undefined;
  }
}
