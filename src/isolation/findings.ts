import type { HttpRequest } from "../adapters/http/message.js";
import type { FindingDraft } from "../findings/finding.js";
import type { RuleId } from "../findings/rules.js";
import type { Evidence } from "./evidence.js";
import { dispositionOf, type Exchange } from "./exchange.js";
import type { Cell, Leak } from "./probe.js";
import { remedies } from "./remedies.js";

/**
 * The findings of a run: one for each route and class that leaked, and what is worth knowing of the refusals.
 *
 * @param unanswered answers that say nothing, 5xx among them
 * @param nameOf a request's route, as reports name it
 */
export function findingsOf(
  cells: readonly Cell[],
  unanswered: readonly Exchange[],
  evidence: Evidence,
  nameOf: (request: HttpRequest) => string,
): FindingDraft[] {
  return [
    ...cells.flatMap((cell) => leaked(cell, evidence)),
    ...unexpectedDenials(cells, evidence),
    ...failures(unanswered, evidence, nameOf),
  ];
}

function leaked(cell: Cell, evidence: Evidence): FindingDraft[] {
  const byRule = new Map<RuleId, Leak[]>();
  for (const leak of cell.leaks) {
    const rule = ruleOf(cell, leak);
    byRule.set(rule, [...(byRule.get(rule) ?? []), leak]);
  }
  return [...byRule].map(([rule, leaks]) =>
    draft(rule, cell.route, `${cell.route}: ${messageOf(rule, leaks[0]!)}`, {
      variants: leaks.map(({ variant }) => variant),
      confirmed: 2,
      ...evidence.of(leaks[0]!),
    }),
  );
}

function messageOf(rule: RuleId, { message, attack }: Leak): string {
  if (rule !== "isolation/error-text") return message;
  return `a refusal with ${attack.response.status} tells another tenant's data`;
}

/** Classes whose proof stands in the answer to the attempt itself; the others' in what is read afterwards. */
const provedByAnswer: ReadonlySet<RuleId> = new Set<RuleId>([
  "isolation/list",
  "isolation/read-by-id",
  "isolation/tenant-override",
  "isolation/tenant-missing",
  "isolation/shared-cache",
  "isolation/context-bleed",
  "isolation/nested-include",
  "isolation/export",
]);

/** What leaks in a refusal or an error is the error's fault, whatever was tried. */
function ruleOf({ rule }: Cell, leak: Leak): RuleId {
  if (leak.rule) return leak.rule;
  const { attack } = leak;
  const isProvedByAnswer = provedByAnswer.has(rule) || leak.variant.startsWith("answer");
  const isAnswer = dispositionOf(attack) === "served" || !isProvedByAnswer;
  return isAnswer ? rule : "isolation/error-text";
}

/** A foreign tenant is best refused with 403; 401 and 404 refuse it too. */
function unexpectedDenials(cells: readonly Cell[], evidence: Evidence): FindingDraft[] {
  return cells.flatMap(({ route, rule, denials }) => {
    const [other] = denials.filter(({ response: { status } }) => status !== 403);
    if (rule !== "isolation/tenant-override" || !other) return [];
    const message = `${route}: another tenant's id in the request is refused with ${other.response.status}, not with 403`;
    return [
      draft("isolation/unexpected-denial", route, message, {
        status: other.response.status,
        attack: evidence.exchange(other),
        curl: evidence.curl(other),
      }),
    ];
  });
}

/** One for each route that failed. */
function failures(
  unanswered: readonly Exchange[],
  evidence: Evidence,
  nameOf: (request: HttpRequest) => string,
): FindingDraft[] {
  const byRoute = new Map<string, Exchange[]>();
  for (const exchange of unanswered) {
    if (dispositionOf(exchange) !== "failed") continue;
    const route = nameOf(exchange.request);
    byRoute.set(route, [...(byRoute.get(route) ?? []), exchange]);
  }
  return [...byRoute].map(([route, exchanges]) => {
    const [first] = exchanges;
    const { status } = first!.response;
    const message = `${route}: the server answered ${status} to a probe, three times in a row`;
    return draft("isolation/server-error", route, message, {
      status,
      times: exchanges.length,
      attack: evidence.exchange(first!),
      curl: evidence.curl(first!),
    });
  });
}

function draft(
  rule: RuleId,
  route: string,
  message: string,
  evidence: Record<string, unknown>,
): FindingDraft {
  return { rule, subject: { route }, message, remedy: remedies[rule]!, evidence };
}
