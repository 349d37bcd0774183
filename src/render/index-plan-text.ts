import type { IndexPlanFacts, ProposedIndex } from "../findings/index-plan.js";
import { leftOutOf, remarksOf } from "./index-plan.js";
import type { Theme } from "./theme.js";
import { visible, wrap } from "./words.js";

/** The proposals as SQL that can be run as it stands, each with its reasons as comments. */
export function renderIndexPlan(facts: IndexPlanFacts, theme: Theme): string {
  const { proposals } = facts;
  const remarks = leftOutOf(facts).map((line) => wrap(visible(line), theme.width - 2));
  const blocks = proposals.length
    ? proposals.map((proposal) => block(proposal, theme))
    : ["-- no index is missing, as far as was looked"];
  return [...blocks, ...(remarks.length ? [theme.paint.dim(commented(remarks.join("\n")))] : [])].join(
    "\n\n",
  );
}

function block(proposal: ProposedIndex, { paint, width }: Theme): string {
  const { schema, table, statement, line, model } = proposal;
  const comment = (text: string) => paint.dim(commented(wrap(visible(text), width - 3)));
  return [
    comment(`${schema}.${table}${model ? ` (model ${model})` : ""}`),
    ...remarksOf(proposal).map((remark) => comment(remark)),
    `${visible(statement)};`,
    ...(line ? [paint.dim(`-- schema.prisma: ${visible(line)}`)] : []),
  ].join("\n");
}

function commented(text: string): string {
  return text
    .split("\n")
    .map((line) => `-- ${line}`)
    .join("\n");
}
