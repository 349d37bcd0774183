/** An answer that is not a success. `details` names the fields that are wrong. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: { field: string; message: string }[];

  constructor(
    status: number,
    code: string,
    message: string,
    details: { field: string; message: string }[] = [],
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export function notFound(): Problem {
  return new Problem(404, "not_found", "There is no such thing here.");
}

export function badRequest(message: string): Problem {
  return new Problem(400, "bad_request", message);
}

export function forbidden(message: string): Problem {
  return new Problem(403, "forbidden", message);
}

export function conflict(message: string): Problem {
  return new Problem(409, "conflict", message);
}

export function invalid(field: string, message: string): Problem {
  return new Problem(422, "invalid", "Some fields are not right.", [{ field, message }]);
}
