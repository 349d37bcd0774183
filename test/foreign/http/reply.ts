import { createHash } from "node:crypto";

export type Page =
  | { page: number; perPage: number; total: number; pages: number }
  | { limit: number; nextCursor: string | null };

/** What a route answers: data for the envelope, a file, or nothing. */
export type Reply = {
  status: number;
  data?: unknown;
  page?: Page;
  file?: { mediaType: string; name: string; content: string | Buffer };
  headers?: Record<string, string>;
};

export function ok(data: unknown, page?: Page): Reply {
  return { status: 200, data, page };
}

/** 201 with the address of the new thing, relative to the API's base. */
export function created(location: string, data: unknown): Reply {
  return { status: 201, data, headers: { location } };
}

export function accepted(location: string, data: unknown): Reply {
  return { status: 202, data, headers: { location } };
}

export function noContent(): Reply {
  return { status: 204 };
}

export function file(name: string, mediaType: string, content: string | Buffer): Reply {
  return { status: 200, file: { name, mediaType, content } };
}

/** The version of what is answered, without the parts of the envelope that differ each time. */
export function etagOf(data: unknown): string {
  return `"${createHash("sha1").update(JSON.stringify(data)).digest("hex").slice(0, 20)}"`;
}

/** Lines of comma-separated values; a cell that holds a separator or a quote is quoted. */
export function toCsv(rows: (string | number)[][]): string {
  const cell = (value: string | number) =>
    /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return rows.map((row) => row.map(cell).join(",") + "\n").join("");
}
