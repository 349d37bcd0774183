import { createServer, type Server } from "node:net";
import { onTestFinished } from "vitest";

/**
 * A PostgreSQL server that can't be had for real: one that never answers, or one older than any that still
 * installs. It speaks just enough of the wire protocol.
 */
export async function fakeServer(kind: "silent" | "version 11"): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    if (kind === "silent") return;
    let isStarted = false;
    socket.on("data", (data) => {
      if (!isStarted) {
        const isTlsRequest = data.length === 8 && data.readInt32BE(4) === 80877103;
        if (isTlsRequest) return void socket.write("N");
        isStarted = true;
        const hello = [message("R", Buffer.from([0, 0, 0, 0])), parameter("server_version", "11.22"), ready];
        return void socket.write(Buffer.concat(hello));
      }
      // Whatever is asked, the answer is the version.
      if (data[0] === 0x51) socket.write(Buffer.concat(versionAnswer));
    });
  });
  await listening(server);
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return `postgresql://auditor:s3cret-Pa55@127.0.0.1:${port}/app`;
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const text = (value: string) => Buffer.from(`${value}\0`);
const int16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const int32 = (value: number) => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};
const parameter = (name: string, value: string) => message("S", Buffer.concat([text(name), text(value)]));
const ready = message("Z", Buffer.from("I"));
const column = (name: string, type: number) =>
  Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(-1 & 0xffff), int32(-1), int16(0)]);
const field = (value: string) => Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]);

const versionAnswer = [
  message("T", Buffer.concat([int16(3), column("number", 23), column("name", 25), column("build", 25)])),
  message("D", Buffer.concat([int16(3), field("110022"), field("11.22"), field("PostgreSQL 11.22")])),
  message("C", text("SELECT 1")),
  ready,
];
