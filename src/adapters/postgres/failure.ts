import { AdapterError } from "../errors.js";
import type { DatabaseAddress } from "./address.js";

/** SQLSTATE or errno of what pg threw. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown })?.code;
  return typeof code === "string" ? code : undefined;
}

/** A failed connection in words, with the next thing to try. The password is in none of them. */
export function connectionFailure(error: unknown, address: DatabaseAddress): AdapterError {
  const code = errorCode(error);
  const said = redactPassword(messageOf(error), address.password);
  const [what, hint] = explain(code, said, address);
  return new AdapterError(`can't connect to ${address.shown}: ${what}`, hint, code);
}

function explain(code: string | undefined, said: string, address: DatabaseAddress): [string, string] {
  const isSocket = address.host.startsWith("/");
  switch (code) {
    case "ECONNREFUSED":
      return [
        "nothing answers there",
        `is the server running? pg_isready -h ${address.host} -p ${address.port}`,
      ];
    case "ENOENT":
      return ["there is no such socket", isSocket ? `ls ${address.host}` : "check the host of the URL"];
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return [`the host ${address.host} is unknown`, "check the host of the URL, and the network or VPN"];
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return ["no answer", "check the network, the firewall and the port; ?connect_timeout=30 waits longer"];
    case "28P01":
      return [
        `wrong password for ${address.user ?? "the role"}`,
        "check the URL's password (percent-encoded?) or .pgpass",
      ];
    case "28000":
      return [said, "pg_hba.conf refuses this role, database, address or missing TLS: try ?sslmode=require"];
    case "3D000":
      return [said, "check the database name: psql -l lists them"];
    case "53300":
      return ["the server has no connection left", "use --jobs 1, or try again when it is less busy"];
    case "57P03":
      return ["the server is starting up or shutting down", "try again in a moment"];
    default:
      break;
  }
  if (/timeout/i.test(said))
    return [
      `no answer in ${address.connectTimeout / 1000} s`,
      "check host, port and firewall; ?connect_timeout=30 waits longer",
    ];
  if (/does not support SSL/i.test(said))
    return ["the server has no TLS", "use ?sslmode=disable if the network is trusted"];
  if (/certificate|self.signed|altnames/i.test(said))
    return [said, "name the CA: ?sslmode=verify-full&sslrootcert=/path/ca.pem"];
  if (/password must be a string/i.test(said))
    return [
      "the server asks for a password and the URL has none",
      "put it into the URL's environment variable or .pgpass",
    ];
  return [said, "check the URL: --url env:NAME, file:PATH or postgresql://…"];
}

export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** A short password is part of many words: only where it stands alone does it give itself away. */
function redactPassword(text: string, password: string | undefined): string {
  if (!password) return text;
  if (password.length > 3) return text.replaceAll(password, "[redacted]");
  const literal = password.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(?<!\\w)${literal}(?!\\w)`, "g"), "[redacted]");
}
