import { type Command, InvalidArgumentError } from "commander";
import type { Settings } from "../config/settings.js";
import type { Binding, UrlCheck } from "../isolation/index.js";
import type { Context } from "./context.js";

/** As whom requests are sent. */
export interface BindingFlags {
  readonly tenantHeader?: string;
  readonly tokenHeader?: string;
  readonly tokenScheme?: string;
}

/** How requests are sent, and as whom. */
export interface RequestFlags extends BindingFlags {
  readonly rate?: number;
  readonly requestTimeout: number;
  readonly bodyLimit: number;
  readonly insecure?: boolean;
}

const usualTimeout = 10;
const usualBodyLimit = 5;
/** More than a probe of many requests at once has. */
const connections = 32;

export function withRequestOptions(command: Command): Command {
  return withBindingOptions(command)
    .option("--rate <number>", "requests a second at most", positive)
    .option("--request-timeout <seconds>", "for one answer", positive, usualTimeout)
    .option("--body-limit <megabytes>", "of one answer that are read", positive, usualBodyLimit)
    .option("--insecure", "do not verify the server's certificate");
}

export function withBindingOptions(command: Command): Command {
  return command
    .optionsGroup("Requests:")
    .option(
      "--tenant-header <name>",
      "the header that names the tenant; empty for none (default: X-Tenant-ID)",
    )
    .option("--token-header <name>", "the header that holds the token (default: Authorization)")
    .option("--token-scheme <word>", "what stands before the token; empty for nothing (default: Bearer)");
}

export function bindingOf(options: BindingFlags, { isolation }: Settings): Binding {
  return {
    tenantHeader: (options.tenantHeader ?? isolation.tenantHeader ?? "X-Tenant-ID") || undefined,
    tokenHeader: options.tokenHeader ?? isolation.tokenHeader ?? "Authorization",
    tokenScheme: options.tokenScheme ?? isolation.tokenScheme ?? "Bearer",
  };
}

export function httpOf(
  { signal }: Context,
  options: RequestFlags,
  { isolation }: Settings,
): UrlCheck["http"] {
  return {
    connections,
    rate: options.rate ?? isolation.rate,
    timeout: options.requestTimeout * 1000,
    bodyLimit: options.bodyLimit * 2 ** 20,
    isInsecure: options.insecure === true,
    signal,
  };
}

/** @throws InvalidArgumentError, which commander tells. */
export function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("It has to be a number over 0.");
}
