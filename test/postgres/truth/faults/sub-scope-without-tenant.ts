import { registryField } from "../expected.js";
import { compositesOf, tenantRelation } from "../ownership.js";
import type { Fault } from "./ground.js";
import { hasUsualName, hasView, isTenantColumnFree } from "./sites.js";

const rule = "registry/sub-scope-without-tenant";

/** Its rows are told apart by unit alone. */
export const subScopeWithoutTenant: Fault = {
  rule,
  variants: [
    (ground) => {
      const model = ground.takeModel(
        (each) =>
          each.role === "sub-scoped" &&
          hasUsualName(ground, each) &&
          each.unitField?.required === true &&
          compositesOf(each).length === 0 &&
          isTenantColumnFree(ground, each) &&
          !hasView(ground, each),
      );
      if (!model) return undefined;
      const field = model.tenantField!;
      const relation = tenantRelation(model);
      model.fields = model.fields.filter((each) => each !== field);
      model.keys = model.keys.filter((key) => !key.fields.includes(field) && !key.include?.includes(field));
      model.relations = model.relations.filter((each) => each !== relation);
      model.tenantField = undefined;
      model.role = "special";
      return [registryField(rule, model, field)];
    },
  ],
};
