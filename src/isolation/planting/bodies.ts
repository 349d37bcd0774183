import type { Actor } from "../actor.js";
import { type FilledBody, fillBody } from "../api/body.js";
import { withValues } from "../api/body-paths.js";
import type { Operation } from "../api/operations.js";
import { isReference, type Resource, referredBy } from "../api/resources.js";
import { newCanary } from "../canary.js";
import type { Json } from "../json.js";
import type { Needs } from "./needs.js";
import type { Planted } from "./planted.js";
import type { PlanterOptions } from "./planter.js";
import { Refusals } from "./refusals.js";

/** Bodies of requests, as an API takes them: what it refused before is left as its document has it. */
export class Bodies {
  readonly refusals = new Refusals();

  constructor(
    readonly options: PlanterOptions,
    readonly needs: Needs,
  ) {}

  /**
   * A body for an operation, with a canary in its texts and the owner's own objects where it points at any.
   *
   * @param except a resource that it does not have to point at: itself, which is not there yet
   */
  async bodyFor(
    owner: Actor,
    operation: Operation,
    canary: string,
    except?: Resource,
    depth = 0,
  ): Promise<FilledBody | undefined> {
    const { document, resources, tenantFields } = this.options;
    const kept = this.refusals.keptOf(operation);
    const filling = { canary, tenantFields, tenantId: owner.tenantId, kept };
    const fields = new Set<string>();
    fillBody(document, operation, { ...filling, reference: (field) => void fields.add(field) });
    const ids = new Map<string, string>();
    for (const field of fields) {
      const target = referredBy(field, resources);
      if (!target || target === except) continue;
      const id = await this.needs.need(owner, target, depth + 1);
      if (id !== undefined) ids.set(field, id);
    }
    const reference = (field: string) => ids.get(field) ?? (isReference(field) ? null : undefined);
    return fillBody(document, operation, { ...filling, reference });
  }

  /**
   * A change of an object, with a canary of nobody's in its texts: of one field, or of the whole body as the
   * operation describes it, pointing at what is the caller's own.
   */
  async changeOf(
    { body, marked }: Planted,
    operation: Operation,
    caller: Actor,
    isWhole: boolean,
  ): Promise<{ readonly canary: string; readonly body: Json }> {
    const canary = newCanary();
    const one = { [marked[0]!]: canary };
    if (!isWhole) return { canary, body: withValues({}, one) };
    const filled = await this.bodyFor(caller, operation, canary);
    return { canary, body: filled?.marked.length ? filled.body : withValues(body, one) };
  }
}
