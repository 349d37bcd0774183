import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A proxy on loopback that can swallow the answer to the next message that holds a text, and hang up instead. */
export async function startCuttingProxy(host: string, port: number) {
  let cutAfter: string | undefined;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, host);
    let isDeaf = false;
    client.on("data", (chunk) => {
      isDeaf = cutAfter !== undefined && chunk.includes(cutAfter);
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (!isDeaf) {
        client.write(chunk);
        return;
      }
      // The server has answered, so it has done what it was asked.
      cutAfter = undefined;
      cuts += 1;
      client.destroy();
    });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => other.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as { port: number }).port,
    cuts: () => cuts,
    cutAfter: (text: string) => {
      cutAfter = text;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
