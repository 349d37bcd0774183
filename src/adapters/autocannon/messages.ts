/** One request as it goes out. */
export interface LoadRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** Load on one server for a while. */
export interface Load {
  /** `http://host:port` */
  readonly origin: string;
  /** Each connection sends them in turn, from a place of its own. */
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  /** Requests a second, of all connections together; undefined: each connection sends as soon as it has its answer. */
  readonly rate?: number | undefined;
  /** Milliseconds of load before anything is measured. */
  readonly warmup: number;
  /** Milliseconds that are measured. */
  readonly duration: number;
  /** Milliseconds that one answer may take. */
  readonly timeout: number;
  /** Certificates are not verified. */
  readonly isInsecure: boolean;
}

/** What came of a load, beside the latencies: of the requests that began while it was measured. */
export interface LoadResult {
  readonly statuses: Readonly<Record<number, number>>;
  /** Requests without an answer, by reason: `ETIMEDOUT`, `ECONNRESET`… */
  readonly failures: Readonly<Record<string, number>>;
  /** Requests that were due at a fixed rate and had not been sent in the end. */
  readonly unsent: number;
  /** P99 of how late the generator's own timers were, in milliseconds. */
  readonly lag: number;
  /** Why it ended early: the server stopped answering. */
  readonly brokenBy?: string;
}

export type WorkerAnswer =
  | { readonly kind: "latencies"; readonly latencies: Float64Array }
  | { readonly kind: "result"; readonly result: LoadResult }
  | { readonly kind: "failed"; readonly message: string };
