import { Command, InvalidArgumentError } from "commander";
import { UsageError } from "../findings/errors.js";
import { checkUrl } from "../isolation/index.js";
import type { Context } from "./context.js";
import { examples } from "./examples.js";
import { type AllOptions, execute } from "./execute.js";
import { readTenants } from "./isolation-tenants.js";
import { withCommonOptions } from "./options.js";

interface IsolationFlags {
  readonly tenantHeader?: string;
  readonly tokenHeader?: string;
  readonly tokenScheme?: string;
  readonly rate?: number;
  readonly requestTimeout: number;
  readonly bodyLimit: number;
  readonly insecure?: boolean;
  readonly readOnly?: boolean;
}

const usualTimeout = 10;
const usualBodyLimit = 5;
/** More than a probe of many requests at once has. */
const connections = 32;

/** `tenantctl isolation check`: what the plan's two curl calls ask, with controls and proof. */
export function isolationCheckCommand(context: Context): Command {
  const own = new Command("check")
    .argument("<url>", "a route that lists what a tenant has")
    .optionsGroup("Requests:")
    .option(
      "--tenant-header <name>",
      "the header that names the tenant; empty for none (default: X-Tenant-ID)",
    )
    .option("--token-header <name>", "the header that holds the token (default: Authorization)")
    .option("--token-scheme <word>", "what stands before the token; empty for nothing (default: Bearer)")
    .option("--rate <number>", "requests a second at most", positive)
    .option("--request-timeout <seconds>", "for one answer", positive, usualTimeout)
    .option("--body-limit <megabytes>", "of one answer that are read", positive, usualBodyLimit)
    .option("--insecure", "do not verify the server's certificate")
    .option("--read-only", "change nothing (a check of one URL never does)");
  return withCommonOptions(own)
    .description("one tenant tries one route for another tenant's data; it only reads")
    .addHelpText(
      "after",
      `
The tenants stand in the environment, in .env, or in config (isolation.tenants):
  TENANT_A, TOKEN_A  the tenant that tries, and a token of one of its users
  TENANT_B, TOKEN_B  the tenant whose data should stay hidden; its token proves
                     much more
${examples(
  "tenantctl isolation check http://localhost:3000/api/v1/assets",
  "tenantctl isolation check https://staging.example.com/api/orders --tenant-header X-Org --rate 20",
  "tenantctl isolation check http://localhost:3000/api/v1/assets --json --output isolation.json",
)}`,
    )
    .action(async (url: string, options: AllOptions & IsolationFlags) => {
      await execute(context, "isolation check", options, async ({ settings, progress }) => {
        const { isolation } = settings;
        const [attacker, ...victims] = readTenants(settings);
        const target = requireUrl(url);
        const outcomes = [];
        for (const victim of victims) {
          outcomes.push(
            await checkUrl(
              {
                url: target,
                attacker,
                victim,
                binding: {
                  tenantHeader:
                    (options.tenantHeader ?? isolation.tenantHeader ?? "X-Tenant-ID") || undefined,
                  tokenHeader: options.tokenHeader ?? isolation.tokenHeader ?? "Authorization",
                  tokenScheme: options.tokenScheme ?? isolation.tokenScheme ?? "Bearer",
                },
                http: {
                  connections,
                  rate: options.rate ?? isolation.rate,
                  timeout: options.requestTimeout * 1000,
                  bodyLimit: options.bodyLimit * 2 ** 20,
                  isInsecure: options.insecure === true,
                  signal: context.signal,
                },
              },
              ({ title, done, total }) => progress.update(title, done / total),
            ),
          );
        }
        return { outcomes };
      });
    });
}

function requireUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url.href;
  throw new UsageError(
    `${url?.username || url?.password ? "a URL with a password" : text} is no address that can be tried`,
    "name a route with its host: http://localhost:3000/api/v1/assets",
  );
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("It has to be a number over 0.");
}
