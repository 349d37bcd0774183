import type { Attempt } from "../findings/attempt.js";
import { type Item, type ItemDraft, itemOf } from "./item.js";

/** What could be learned of the application over HTTP: a text that names it, or why not. */
export interface ApiFacts {
  /** A person has set up checks over HTTP: a base URL, tenants, workflows. */
  readonly isSetUp: boolean;
  /** Undefined where none is named. */
  readonly baseUrl: Attempt<string> | undefined;
  readonly document: Attempt<string> | undefined;
  /** Each by its name in config or environment. */
  readonly tenants: readonly { readonly name: string; readonly signIn: Attempt<string> }[];
  /** Whether the first two are two. */
  readonly pair: Attempt<string> | undefined;
  /** Undefined where config has no workflow. */
  readonly workflows: Attempt<string> | undefined;
  /** Servers that config names to load, by their side; none where it names none. */
  readonly servers: readonly { readonly side: string; readonly answer: Attempt<string> }[];
}

const group = "API";
const byTokens = "isolation check, smoke";

/** Base URL, document, tenants, workflows and servers to load as items. Pure. */
export function judgeApi(facts: ApiFacts): Item[] {
  const { isSetUp, baseUrl, document, tenants, pair, workflows, servers } = facts;
  return [
    ...judged(baseUrl, {
      ...{ id: "api", name: "Base URL", isNeeded: true },
      usedFor: "requests as two tenants",
      blocks: byTokens,
    }),
    ...judged(document, {
      ...{ id: "openapi", name: "OpenAPI document", isNeeded: true },
      usedFor: "the routes that are tried",
      blocks: "isolation check of every route, isolation coverage",
    }),
    ...tenants.flatMap(({ name, signIn }) =>
      judged(signIn, {
        ...{ id: `tenants/${name}`, name: `Tenant ${name}`, isNeeded: isSetUp },
        usedFor: "requests in its name",
        blocks: byTokens,
      }),
    ),
    ...judged(pair, {
      ...{ id: "tenants", name: "Two tenants", isNeeded: isSetUp },
      usedFor: "one that tries for the data of another",
      blocks: byTokens,
    }),
    ...judged(workflows, {
      ...{ id: "smoke", name: "Workflows", isNeeded: true },
      usedFor: "what customers do",
      blocks: "smoke",
    }),
    ...servers.flatMap(({ side, answer }) =>
      judged(answer, {
        ...{ id: `load/${side}`, name: `Load ${side}`, isNeeded: true },
        usedFor: "its latency",
        blocks: "load",
      }),
    ),
  ];
}

type Part = Omit<ItemDraft, "group" | "found" | "isThere">;

function judged(attempt: Attempt<string> | undefined, part: Part): Item[] {
  if (attempt === undefined) return [];
  return "problem" in attempt
    ? [itemOf({ ...part, group, isThere: false, found: attempt.problem, hint: attempt.hint })]
    : [itemOf({ ...part, group, isThere: true, found: attempt.value })];
}
