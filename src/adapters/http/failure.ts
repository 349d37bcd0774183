import { AdapterError } from "../errors.js";

/** No answer came: the server is down, hangs, or breaks off. */
export class HttpFailure extends AdapterError {}

const reasons: Readonly<Record<string, readonly [problem: string, hint: string]>> = {
  ECONNREFUSED: ["nothing listens there", "start the application, or correct the base URL"],
  ENOTFOUND: ["there is no host of that name", "correct the host in the base URL"],
  EAI_AGAIN: ["the host's name can't be looked up", "check the network and the base URL"],
  ECONNRESET: ["it closed the connection before it had answered", "look into the application's log"],
  EPIPE: ["it closed the connection before it had answered", "look into the application's log"],
  UND_ERR_SOCKET: ["it closed the connection before it had answered", "look into the application's log"],
  UND_ERR_CONNECT_TIMEOUT: ["no connection in time", "check the network, or raise --request-timeout"],
  UND_ERR_HEADERS_TIMEOUT: [
    "no answer in time",
    "look into the application's log, or raise --request-timeout",
  ],
  UND_ERR_BODY_TIMEOUT: ["the answer stopped in its middle", "look into the application's log"],
  UND_ERR_ABORTED: ["no answer in time", "look into the application's log, or raise --request-timeout"],
};

const tls =
  /^(CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_|ERR_TLS_|HOSTNAME_MISMATCH|ERR_SSL_)/;

/** What an error of the network means, for people. The URL is named without its query, which may hold secrets. */
export function asFailure(error: unknown, url: string): HttpFailure {
  const code = codeOf(error);
  const { origin, pathname } = new URL(url);
  if (code && tls.test(code)) {
    return new HttpFailure(
      `${origin} has a certificate that is not trusted: ${code}`,
      "name its authority with NODE_EXTRA_CA_CERTS=FILE, or, on a machine of your own, --insecure",
      code,
    );
  }
  const [problem, hint] = reasons[code ?? ""] ?? [
    error instanceof Error ? error.message : String(error),
    "look into the application's log",
  ];
  return new HttpFailure(`${origin}${pathname}: ${problem}`, hint, code);
}

/** The code of an error, or of the first cause that has one. */
function codeOf(error: unknown): string | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as { code?: unknown };
    if (typeof code === "string") return code;
    if (each instanceof AggregateError && each.errors.length) return codeOf(each.errors[0]);
  }
  return undefined;
}
