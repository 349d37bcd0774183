import { registryField } from "../expected.js";
import type { Fault } from "./ground.js";
import { hasUsualName, isCoveredInSchema, loneTies, othersPointAtTenant } from "./sites.js";

/** The database has the foreign key, the schema has no relation for it. */
export const missingRelation: Fault = {
  rule: "registry/missing-relation",
  variants: [
    (ground) => {
      const sites = loneTies(ground).filter(
        ({ child }) =>
          hasUsualName(ground, child) && !isCoveredInSchema(child) && othersPointAtTenant(ground, child),
      );
      const site = ground.take(sites, ({ child }) => [{ model: child, part: "tie" }]);
      if (!site) return undefined;
      site.relation.declared = false;
      return [registryField("registry/missing-relation", site.child, site.child.tenantField!)];
    },
  ],
};
