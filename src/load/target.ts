import type { HttpClient } from "../adapters/http/client.js";
import { HttpFailure } from "../adapters/http/failure.js";
import type { HttpRequest } from "../adapters/http/message.js";
import { InconclusiveError, UnavailableError } from "../findings/errors.js";
import type { Side } from "./plan.js";

/** One side of the comparison. */
export interface Target {
  readonly side: Side;
  /** As the user named it. */
  readonly url: string;
  readonly origin: string;
  /** Absolute URLs; every one is of the same origin. */
  readonly requests: readonly HttpRequest[];
}

/**
 * Sends each request once, by a client that verifies certificates: is the server there, does it know the tokens?
 *
 * @throws UnavailableError where a request is not answered; InconclusiveError where it is not answered with 2xx.
 */
export async function tryOnce({ side, requests }: Target, client: HttpClient): Promise<void> {
  for (const request of requests) {
    const { pathname } = new URL(request.url);
    const { status } = await client.send(request).catch((error: unknown) => {
      if (error instanceof HttpFailure) throw new UnavailableError(`${side}: ${error.message}`, error.hint);
      throw error;
    });
    if (status < 200 || status > 299)
      throw new InconclusiveError(
        `${side}: ${request.method} ${pathname} is answered with ${status}: the speed of refusals and errors says nothing`,
        status === 401 || status === 403
          ? "check the tenants' tokens (isolation.tenants, TENANT_A and TOKEN_A)"
          : "check --routes and the application's log",
      );
  }
}
