import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
}

/** A real SMTP server with one user. It can be told to refuse the next messages with a status. */
export async function startMailServer(user: string, password: string) {
  const received: ReceivedMail[] = [];
  let refusals: number[] = [];
  const server = new SMTPServer({
    // It offers STARTTLS with a certificate that nobody signed.
    ...{ authOptional: true, allowInsecureAuth: true },
    onAuth: (auth, _session, done) =>
      auth.username === user && auth.password === password
        ? done(null, { user })
        : done(new Error("wrong user or password")),
    onData: (stream, session, done) => {
      let text = "";
      stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      stream.on("end", () => {
        const refusal = refusals.shift();
        if (refusal !== undefined) {
          done(Object.assign(new Error("not now"), { responseCode: refusal }));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
          text,
          isEncrypted: session.secure === true,
          user: session.user as string | undefined,
        });
        done();
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.server.address() as AddressInfo).port,
    taken: () => received.splice(0),
    refuse: (...statuses: number[]) => {
      refusals = statuses;
    },
    close: () => new Promise<void>((done) => server.close(() => done())),
  };
}
