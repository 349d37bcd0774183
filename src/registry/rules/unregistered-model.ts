import type { FindingDraft } from "../../findings/finding.js";
import type { RegistryContext } from "../context.js";
import { exportNames } from "../module/types.js";
import { proposeCategory } from "../propose.js";

/** A model that no category lists: the guard has no rule for it. */
export function unregisteredModel({ models, tenancy, registry }: RegistryContext): FindingDraft[] {
  return models
    .filter(({ category }) => category === undefined)
    .map(({ model, path }) => {
      const proposal = proposeCategory(model, path, tenancy);
      return {
        rule: "registry/unregistered-model",
        subject: { model: model.name, table: model.table, ...model.location },
        message: `${model.name} is in no category of ${registry.file}: the guard has no rule for it`,
        remedy: `Add "${model.name}" to ${exportNames[proposal.category]} (${proposal.reason}).`,
        evidence: { proposedCategory: proposal.category, reason: proposal.reason },
      };
    });
}
