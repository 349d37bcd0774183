/** Work on one index, as a report states it. Times in milliseconds, sizes in bytes. */
export interface IndexWorkFact {
  readonly schema: string;
  readonly table: string;
  readonly index: string;
  /** `built`, `already there`, `dropped`, `failed`, `stopped`… or, of a dry run, what would be done. */
  readonly state: string;
  readonly reason?: string | undefined;
  readonly bytes?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly attempts?: number | undefined;
  readonly phases?: readonly { readonly phase: string; readonly durationMs: number }[] | undefined;
  readonly waitedFor?: readonly WaitFact[] | undefined;
  /** Of a dropped index: what builds it again. */
  readonly definition?: string | undefined;
  /** Of a dry run. */
  readonly statements?: readonly string[] | undefined;
  readonly estimate?:
    | {
        readonly bytes: number;
        readonly diskBytes: number;
        readonly walBytes: number;
        readonly seconds: number;
      }
    | undefined;
  readonly parts?: readonly IndexWorkFact[] | undefined;
}

/** Somebody that work waited for, or would. */
export interface WaitFact {
  readonly kind: string;
  readonly pid: number | null;
  readonly application: string | null;
  readonly role: string | null;
  readonly state: string | null;
  /** Age of its transaction, in seconds. */
  readonly seconds: number | null;
  /** Beginning of its last statement; left out without samples. */
  readonly query?: string | null;
}
