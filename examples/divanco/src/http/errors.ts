import { Prisma } from "../generated/prisma/client.js";

/** An answer other than 2xx, with a message that the caller may read. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export const isPrismaError = (error: unknown, code: string) =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === code;

/** For an update whose filter names the expected status: nothing found means that somebody was faster. */
export const conflictIfMissing =
  (message: string) =>
  (error: unknown): never => {
    throw isPrismaError(error, "P2025") ? new HttpError(409, message) : error;
  };
