/** The section `smoke` of config, as its schema lets it through. */
export interface SmokeSection {
  readonly values?: Readonly<Record<string, Plain | Readonly<Record<string, Plain>>>> | undefined;
  readonly users?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  readonly workflows?: Readonly<Record<string, WorkflowSection>> | undefined;
}

export type Plain = string | number | boolean;

export interface WorkflowSection {
  readonly steps: readonly StepSection[];
  readonly finally?: readonly StepSection[] | undefined;
}

export interface StepSection {
  readonly name: string;
  readonly request: string;
  readonly as?: string | undefined;
  readonly headers?: Readonly<Record<string, string | null>> | undefined;
  readonly query?: Readonly<Record<string, Plain>> | undefined;
  readonly body?: unknown;
  readonly status?: StatusText | readonly StatusText[] | undefined;
  readonly expect?: ExpectationsSection | undefined;
  readonly until?: ExpectationsSection | undefined;
  readonly within?: string | undefined;
  readonly capture?: Readonly<Record<string, string>> | undefined;
  readonly hidden?: false | AttemptSection | readonly AttemptSection[] | undefined;
}

export type StatusText = number | string;
export type AttemptSection = string | { readonly request: string; readonly body?: unknown };
/** By place; what is no object has to be equal. */
export type ExpectationsSection = Readonly<Record<string, unknown>>;
