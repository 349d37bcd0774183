import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/** What is used of autocannon's client. The names with an underscore are its own; `test/http/load` holds them. */
export interface Client extends EventEmitter {
  readonly conn: Socket | TLSSocket;
  readonly secure: boolean;
  readonly parser: { body_bytes: number | null; isChunked: boolean };
  readonly pipelinedRequests: { clear(): void };
  readonly requestIterator: { readonly currentRequest: { readonly method?: string } };
  setRequests(requests: readonly object[]): void;
  destroy(): void;
  _doRequest(): void;
  _resetConnection(): void;
}

/** Told of each request once, when it has ended. */
export interface ClientListener {
  /** @param latency in milliseconds; @param begun on the clock of `performance.now()` */
  answered(status: number, latency: number, begun: number): void;
  failed(reason: string, waited: number, begun: number): void;
  /** It has nothing in flight and is not going to send. */
  idle(): void;
}

export interface ClientPlan {
  readonly timeout: number;
  readonly isInsecure: boolean;
  /** When its first request is due, on the clock of `performance.now()`, and the time between two; none is at once. */
  readonly schedule?: { readonly first: number; readonly interval: number } | undefined;
}

/**
 * Takes over when a client of autocannon sends, since by itself it would spoil a measurement: it drops what is
 * in flight when time is up (the slowest answers), sends a rate in bursts at the start of each second and forgets
 * how long requests waited for their turn, mixes up times after a connection was closed, writes to connections
 * that the server is about to close, waits for bodies of HEAD, and sends tokens to any certificate.
 */
export class SteadyClient {
  #isOpen = true;
  #isBusy = false;
  #isClosing = false;
  #isReconnecting = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the request in flight should have begun, and when it was sent. */
  #begun = 0;
  #sent = 0;
  #due: number | undefined;
  readonly #send: () => void;

  constructor(
    private readonly client: Client,
    private readonly plan: ClientPlan,
    private readonly listener: ClientListener,
  ) {
    this.#due = plan.schedule?.first;
    this.#send = client._doRequest.bind(client);
    client._doRequest = () => this.#mayBegin();
    client.on("headers", ({ shouldKeepAlive }: { shouldKeepAlive: boolean }) =>
      this.#onHeaders(shouldKeepAlive),
    );
    client.on("response", (status: number, _bytes: number, duration: number) =>
      this.#onAnswer(status, duration),
    );
    client.on("connError", (error: NodeJS.ErrnoException) => this.#lose(error.code ?? "ECONNRESET"));
  }

  get isIdle(): boolean {
    return !this.#isBusy;
  }

  /** Begins nothing more; what is in flight is waited for. */
  close(): void {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isBusy) this.listener.idle();
  }

  /** Requests that were due by then and were not sent. */
  unsentAt(time: number): number {
    if (this.#due === undefined || this.#due >= time) return 0;
    return Math.ceil((time - this.#due) / this.plan.schedule!.interval);
  }

  /** autocannon calls for a request: on a new connection, and after each answer. */
  #mayBegin(): void {
    if (this.#isReconnecting) return;
    if (this.#isBusy) this.#lose("ECONNRESET");
    if (this.#timer) return;
    const { conn, secure } = this.client;
    if (secure && !this.plan.isInsecure && !(conn as TLSSocket).authorized)
      conn.once("secureConnect", () => this.#onHandshake(conn as TLSSocket));
    else this.#begin();
  }

  #onHandshake(conn: TLSSocket): void {
    if (conn !== this.client.conn) return;
    if (conn.authorized) this.#begin();
    else this.listener.failed(String(conn.authorizationError), 0, performance.now());
  }

  #begin(): void {
    const now = performance.now();
    const due = this.#due ?? now;
    if (!this.#isOpen) this.listener.idle();
    else if (due <= now) this.#write(due, now);
    else this.#timer = setTimeout(() => this.#onDue(), due - now);
  }

  #onDue(): void {
    this.#timer = undefined;
    // The timer's own lateness is not the server's.
    const now = performance.now();
    if (this.#isOpen) this.#write(now, now);
  }

  #write(begun: number, sent: number): void {
    this.#isBusy = true;
    this.#begun = begun;
    this.#sent = sent;
    if (this.#due !== undefined) this.#due += this.plan.schedule!.interval;
    this.#send();
  }

  #onHeaders(shouldKeepAlive: boolean): void {
    const { parser, requestIterator } = this.client;
    this.#isClosing = !shouldKeepAlive;
    if (requestIterator.currentRequest.method !== "HEAD") return;
    parser.body_bytes = 0;
    parser.isChunked = false;
  }

  #onAnswer(status: number, duration: number): void {
    if (!this.#isBusy) return;
    this.#isBusy = false;
    this.listener.answered(status, this.#sent - this.#begun + duration, this.#begun);
    if (!this.#isClosing) return;
    // autocannon asks for the next request right after this, on the connection that the server closes.
    this.#isReconnecting = true;
    setImmediate(() => {
      this.#isClosing = false;
      this.#isReconnecting = false;
      if (this.#isOpen) this.client._resetConnection();
      else this.listener.idle();
    });
  }

  #lose(reason: string): void {
    this.client.pipelinedRequests.clear();
    if (!this.#isBusy) {
      // A connection that could not be made, with nothing asked of it yet.
      if (this.#isOpen) this.listener.failed(reason, 0, performance.now());
      return;
    }
    this.#isBusy = false;
    const waited = performance.now() - this.#sent;
    const isLate = waited >= this.plan.timeout * 0.99;
    this.listener.failed(isLate ? "ETIMEDOUT" : reason, performance.now() - this.#begun, this.#begun);
  }
}
