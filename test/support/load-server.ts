import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { onTestFinished } from "vitest";
import { listening } from "./listening.js";

export interface LoadServer {
  readonly base: string;
  /** Requests so far. */
  readonly seen: IncomingMessage[];
  /** Breaks every connection and listens no more. */
  die(): void;
}

/** A real server on loopback that ends with the test. */
export async function loadServer(listener: RequestListener): Promise<LoadServer> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    listener(request, response);
  });
  const { base, close } = await listening(server);
  const die = () => void close();
  onTestFinished(die);
  return { base, seen, die };
}

/** Answers after some milliseconds, a share of the requests later by a delay. */
export function answering({ slowShare = 0, delay = 0, milliseconds = 2 } = {}): RequestListener {
  return (_request, response) => {
    const isSlow = Math.random() < slowShare;
    setTimeout(() => response.end("{}"), milliseconds + (isSlow ? delay : 0));
  };
}
