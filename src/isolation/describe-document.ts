import type { HttpClient } from "../adapters/http/client.js";
import { readDocument } from "./api/document.js";
import { operationsOf } from "./api/operations.js";
import { serverOf } from "./api/server.js";

/** What a document is, in words, and where it says that its API is. */
export interface DocumentSummary {
  readonly text: string;
  /** Absolute; undefined where it names none. */
  readonly server: string | undefined;
}

/**
 * Reads an OpenAPI document as the check does.
 *
 * @param location a path, or a URL
 * @throws UsageError where it can't be read, or is none; HttpFailure where no answer came.
 */
export async function describeDocument(location: string, client: HttpClient): Promise<DocumentSummary> {
  const document = await readDocument(location, client);
  const operations = operationsOf(document);
  const open = operations.filter(({ isOpen }) => isOpen).length;
  const server = serverOf(document);
  return {
    text: `${location}, ${operations.length} routes${open > 0 ? `, ${open} of them open to everybody` : ""}`,
    server: server !== undefined && /^https?:\/\//.test(server) ? server : undefined,
  };
}
