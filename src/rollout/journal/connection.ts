import type { DatabaseAddress } from "../../adapters/postgres/address.js";
import { openSession, type Session } from "../../adapters/postgres/connect.js";
import { errorCode, messageOf } from "../../adapters/postgres/failure.js";
import { UnavailableError } from "../../findings/errors.js";

/** A session that is opened when it is needed, and again when it was lost; what it is asked runs one by one. */
export class Connection {
  #session: Session | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly address: DatabaseAddress,
    /** What a new session has to do first. */
    readonly greet: (session: Session) => Promise<void> = async () => {},
  ) {}

  /**
   * Does some work on the session.
   *
   * @throws UnavailableError where the server refuses or is gone; whether a change was committed is open then.
   */
  use<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(() => this.#now(work));
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Like `use`, in a transaction. */
  transact<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.use(async (session) => {
      await session.query("begin isolation level read committed read write");
      try {
        const result = await work(session);
        await session.query("commit");
        return result;
      } catch (error) {
        await session.query("rollback").catch(() => {});
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#session?.end();
    this.#session = undefined;
  }

  async #now<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    try {
      this.#session ??= await this.#open();
      return await work(this.#session);
    } catch (error) {
      // A SQLSTATE is the server's word on a session that lives on, unless it was ended (class 57P).
      const isAlive = /^(?!57P)[0-9A-Z]{5}$/.test(errorCode(error) ?? "");
      if (error instanceof UnavailableError) throw error;
      if (!isAlive) {
        this.#session?.destroy();
        this.#session = undefined;
      }
      throw new LostConnectionError(
        `the state in ${this.address.shown} can't be used: ${messageOf(error)}`,
        "check the server and the role's rights: the schema tenantctl has to be its own",
        isAlive,
      );
    }
  }

  async #open(): Promise<Session> {
    const session = await openSession(this.address);
    await this.greet(session);
    return session;
  }
}

/** The server refused, or went away in the middle. */
export class LostConnectionError extends UnavailableError {
  constructor(
    message: string,
    hint: string,
    /** The server answered: nothing was committed. */
    readonly isRefusal: boolean,
  ) {
    super(message, hint);
  }
}
