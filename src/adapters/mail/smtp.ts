import { AdapterError } from "../errors.js";

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; STARTTLS that must, may (if offered) or need not be. */
  readonly tls: "always" | "required" | "offered" | "none";
  readonly user?: string;
  readonly password?: string;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** A message that did not go. */
export class MailFailure extends AdapterError {
  constructor(
    message: string,
    /** Whether another try may help: 4xx, or a connection that broke. */
    readonly isTransient: boolean,
  ) {
    super(message, "check notify's host, port, user and password");
  }
}

/**
 * Sends one message.
 *
 * @param timeout milliseconds for each step of the exchange
 * @throws MailFailure where the server did not take it, for all its readers.
 */
export async function sendMail(server: SmtpServer, mail: Mail, timeout: number): Promise<void> {
  // Loaded when first needed: hardly a command sends mail.
  const { createTransport } = await import("nodemailer");
  const { host, port, tls, user, password } = server;
  const transport = createTransport({
    ...{ host, port, secure: tls === "always", requireTLS: tls === "required", ignoreTLS: tls === "none" },
    ...(user === undefined ? {} : { auth: { user, pass: password ?? "" } }),
    ...{ connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout },
    // Texts come from config: none of them may name a file or a URL to read.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  let sent: { readonly rejected?: readonly unknown[] };
  try {
    sent = await transport.sendMail({ ...mail, to: [...mail.to] });
  } catch (error) {
    throw asFailure(error as SmtpError, `${host}:${port}`);
  } finally {
    transport.close();
  }
  const refused = sent.rejected?.length ?? 0;
  if (refused > 0)
    throw new MailFailure(`${host}:${port} refused ${refused} of ${mail.to.length} readers`, false);
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

function asFailure({ code, responseCode, message }: SmtpError, server: string): MailFailure {
  if (code === "EAUTH") return new MailFailure(`${server} refuses user or password`, false);
  if (code === "ETLS") return new MailFailure(`${server} offers no TLS that can be used`, false);
  const isTransient =
    responseCode === undefined
      ? ["ECONNECTION", "ETIMEDOUT", "ESOCKET", "EDNS"].includes(code ?? "")
      : responseCode < 500;
  return new MailFailure(`${server}: ${message}`, isTransient);
}
