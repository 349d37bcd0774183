import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on loopback that takes whatever is sent to it, and remembers it. */
export interface Sink {
  /** Absolute, without a slash at its end. */
  readonly base: string;
  /** Everything that came below a path, in its order: bodies and query strings. */
  received(path: string): string;
  close(): Promise<void>;
}

const mostBytes = 2 ** 20;

export async function openSink(): Promise<Sink> {
  const received = new Map<string, string>();
  const server = createServer((request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    let text = `${request.url}\n`;
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      if (text.length < mostBytes) text += chunk;
    });
    request.on("end", () => {
      received.set(path, `${received.get(path) ?? ""}${text}\n`);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: (path) => received.get(path) ?? "",
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
