import { placeholdersIn } from "./template.js";
import {
  type Attempt,
  type Capture,
  isReading,
  type RequestTemplate,
  type Secrecy,
  type StatusRange,
} from "./workflow.js";

/** Nobody else tries: nothing was made, or everybody may see it. */
export const noSecrecy: Secrecy = { attempts: [], proof: "none", isPrivate: false };

/** What of a step decides how others can try for what it did. */
export interface StepShape {
  readonly request: RequestTemplate;
  readonly statuses: readonly StatusRange[];
  readonly captures: readonly Capture[];
  /** Names that the tenant captured before, tokens left out. */
  readonly known: ReadonlySet<string>;
}

/**
 * How other tenants try where config does not say: the object that a POST created and captured, below another one
 * too; the object whose id stands in the path; the lists that they stand in; of a GET the request itself.
 */
export function usualSecrecy({ request, statuses, captures, known }: StepShape): Secrecy {
  const isMeantToWork = statuses.some(({ from, to }) => from < 300 && to >= 200);
  if (!isMeantToWork) return { ...noSecrecy, isPrivate: true };
  const path = request.path.replace(/[?#].*$/, "").replace(/\/$/, "");
  const own = captures.filter(({ isSecret }) => !isSecret).map(({ name }) => name);
  const parts = path.split("/");
  const idAt = parts.findLastIndex((part) => placeholdersIn(part).some((name) => known.has(name)));
  const isOfKnown = idAt === parts.length - 1;
  const paths = [
    ...(isReading(request.method) || isOfKnown ? [] : createdAt(path, request, own[0])),
    ...(idAt > 0 ? [parts.slice(0, idAt + 1).join("/"), parts.slice(0, idAt).join("/")] : []),
  ];
  const itself: Attempt[] = isReading(request.method) ? [readingOf(request)] : [];
  const others = paths
    .filter((each) => each !== "" && !(isReading(request.method) && each === request.path))
    .map((each) => readingOf({ path: each, query: {} }));
  const attempts = [...itself, ...others];
  if (attempts.length === 0) return { ...noSecrecy, isPrivate: true };
  // A list that was only looked up may hold nothing that tells whose it is, such as a total.
  const hasSomething = idAt > 0 || !isReading(request.method);
  return { attempts, proof: hasSomething ? "any" : "none", isPrivate: true };
}

/** Where what a change made may be seen; an action's own path is none, and its owner's answer says so. */
function createdAt(path: string, { method, body, query }: RequestTemplate, captured?: string): string[] {
  if (captured !== undefined && method === "POST") return [`${path}/{${captured}}`, path];
  const isMarked = placeholdersIn([body, query]).some((name) => selfMade.has(name));
  return captured !== undefined || isMarked ? [path] : [];
}

function readingOf({ path, query }: Pick<Attempt, "path" | "query">): Attempt {
  return { method: "GET", path, query, body: undefined };
}

/** Placeholders whose values stand nowhere but in what this run made. */
const selfMade: ReadonlySet<string> = new Set(["canary", "unique"]);
