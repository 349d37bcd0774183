import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/** A real HTTP server that takes what it is sent; its answers can be chosen. */
export async function startReceiver() {
  const received: Received[] = [];
  let answers: ((response: ServerResponse) => void)[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString() || "null");
    received.push({ path: request.url!, headers: request.headers, body, at: performance.now() });
    const answer = answers.shift() ?? ((each: ServerResponse) => each.writeHead(202).end("{}"));
    answer(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    /** What came since it was asked last. */
    taken: () => received.splice(0),
    /** For the next requests, in order; those after them are taken. */
    answer: (...next: ((response: ServerResponse) => void)[]) => {
      answers = next;
    },
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** An answer with a status and headers. */
export function status(code: number, headers: Record<string, string> = {}) {
  return (response: ServerResponse) => void response.writeHead(code, headers).end();
}
