/** A request as it is sent. A header with several values is sent as several lines. */
export interface HttpRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** An answer, with its body decoded. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  /** The body ran over the limit: only its beginning is here. */
  readonly isTruncated: boolean;
  readonly durationMs: number;
}

/** The values of a header, joined as HTTP joins them; empty where it is not there. */
export function headerOf({ headers }: HttpResponse, name: string): string {
  const value = headers[name.toLowerCase()];
  return typeof value === "string" ? value : (value?.join(", ") ?? "");
}

/** Headers as they are sent: name and value in turn, one pair a line. */
export function headerLines(headers: HttpRequest["headers"]): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).flatMap((each) => [name, each]),
  );
}
