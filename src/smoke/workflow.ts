/** A workflow as config names it, checked: its requests are well-formed, its placeholders known. */
export interface Workflow {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Run in any case, after the steps. */
  readonly cleanup: readonly Step[];
}

/** One request, and what is asserted of its answer. Texts may hold placeholders: `{asset}`. */
export interface Step {
  readonly name: string;
  readonly request: RequestTemplate;
  readonly as: Caller;
  readonly statuses: readonly StatusRange[];
  readonly expectations: readonly Expectation[];
  readonly until: Until | undefined;
  readonly captures: readonly Capture[];
  readonly secrecy: Secrecy;
}

export interface RequestTemplate {
  readonly method: string;
  /** From the base URL on; a query may stand at its end. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | number | boolean>>;
  /** null leaves a usual header out. */
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: unknown;
}

/** Whose token a request bears: the tenant's, nobody's, one of `smoke.users`, or a captured one. */
export type Caller =
  | { readonly kind: "tenant" }
  | { readonly kind: "nobody" }
  | { readonly kind: "user"; readonly name: string }
  | { readonly kind: "captured"; readonly name: string };

/** Inclusive; one status is a range of its own. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** What stands at a place of an answer: a JSON pointer, a field, or `header:Name`. */
export interface Expectation {
  readonly place: string;
  readonly operator: Operator;
  /** A template, but for `matches`. */
  readonly value: unknown;
}

export type Operator =
  | "equals"
  | "not"
  | "exists"
  | "absent"
  | "contains"
  | "lacks"
  | "matches"
  | "length"
  | "atLeast"
  | "atMost"
  | "every";

/** A request is repeated until its answer is so. */
export interface Until {
  readonly expectations: readonly Expectation[];
  readonly withinMs: number;
}

export interface Capture {
  readonly name: string;
  readonly place: string;
  /** Used as a token: printed nowhere. */
  readonly isSecret: boolean;
}

/** How the other tenants try to see what a step did. */
export interface Secrecy {
  readonly attempts: readonly Attempt[];
  /**
   * Which attempts the owner's own answer has to prove: every one that config names; of the usual ones any; none
   * where the step made nothing that could be seen.
   */
  readonly proof: "every" | "any" | "none";
  /** What the step answers is this tenant's alone: nobody else's answers should hold what was captured from it. */
  readonly isPrivate: boolean;
}

export interface Attempt {
  readonly method: string;
  readonly path: string;
  readonly query: RequestTemplate["query"];
  readonly body: unknown;
}

/** `GET` and `HEAD` change nothing. */
export function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
