/**
 * Names that real schemas give to their customer. `certain` ones mean nothing else; `likely` ones are often
 * something else as well (NextAuth's Account, a Project inside a Team).
 */
const certain = ["tenant", "organization", "organisation", "org", "workspace"];
const likely = [
  ...["team", "company", "merchant", "shop", "store", "agency", "account", "school", "clinic", "practice"],
  ...["customer", "business", "firm", "institution", "vendor", "enterprise", "restaurant", "hospital"],
  ...["studio", "club", "brand", "partner", "dealer", "franchise", "community", "household", "realm"],
];
const possible = ["project", "site", "group", "space", "client", "app", "application", "environment"];
const people = ["user", "person", "people", "member", "profile", "identity", "employee"];
const subScopes = [
  ...["businessunit", "branch", "department", "division", "location", "site", "unit", "store", "office"],
  ...["region", "facility", "warehouse", "outlet", "campus"],
];
const fillers: ReadonlySet<string> = new Set([
  "model",
  "entity",
  "tbl",
  "table",
  "saas",
  "app",
  "core",
  "main",
  "db",
]);

/** Lower-case words of a name: `TeamMember`, `team_member` and `teamMembers` give the same two. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[\s_-]+/)
    .filter(Boolean)
    .map((word) => singular(word.toLowerCase()));
}

function singular(word: string): string {
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(ches|shes|sses|xes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") && !/(us|is)$/.test(word) ? word.slice(0, -1) : word;
}

/** How much a model's name alone says that it is the customer, -30 to 40. */
export function tenantNameScore(name: string): number {
  const words = significant(name);
  const score = (word: string) =>
    certain.includes(word) ? 40 : likely.includes(word) ? 25 : possible.includes(word) ? 12 : 0;
  if (words.some((word) => people.includes(word))) return -30;
  if (words.length === 1) return score(words[0]!);
  return Math.round(score(words.at(-1)!) * 0.5);
}

export function isPersonName(name: string): boolean {
  return wordsOf(name).some((word) => people.includes(word));
}

export function isSubScopeName(name: string): boolean {
  return subScopes.includes(significant(name).join(""));
}

function significant(name: string): string[] {
  const words = wordsOf(name);
  const kept = words.filter((word) => !fillers.has(word));
  return kept.length ? kept : words;
}

/**
 * What a column's name says that it holds the id of: `team` for `teamId`, `team_id`, `teamID`, `team_uid`.
 * Undefined where it says nothing.
 */
export function columnStem(column: string): string | undefined {
  if (!/(id|key|ref)$/i.test(column)) return undefined;
  const words = wordsOf(column);
  const last = words.pop();
  const isReference = last !== undefined && ["id", "uid", "uuid", "key", "ref"].includes(last);
  return isReference && words.length > 0 ? words.join("") : undefined;
}

/** The same for a model's name, so that the two can be compared. */
export function modelStem(model: string): string {
  return significant(model).join("");
}

/** True where a column's name says that it holds a model's id. */
export function isColumnFor(column: string, model: string): boolean {
  return columnStem(column) === modelStem(model);
}
