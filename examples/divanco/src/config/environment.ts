import { existsSync, readFileSync } from "node:fs";

if (existsSync(".env")) process.loadEnvFile(".env");

const GUARD_MODES = ["strict", "warn", "off"] as const;
export type GuardMode = (typeof GUARD_MODES)[number];

/** Every setting, read when it is asked for: a script that only needs the database needs no AUTH_SECRET. */
export const environment = {
  get databaseUrl() {
    return required("DATABASE_URL");
  },
  get authSecret() {
    return required("AUTH_SECRET");
  },
  get webhookSecret() {
    return required("WEBHOOK_SECRET");
  },
  /** Without a key the internal routes answer 403. */
  get adminKey() {
    return process.env.ADMIN_KEY;
  },
  get port() {
    return Number(process.env.PORT ?? 3000);
  },
  get guardMode() {
    return guardMode(process.env.TENANT_GUARD_MODE ?? "strict");
  },
  /** Names from config/leaks.ts, with commas between. */
  get leak() {
    return process.env.LEAK ?? "";
  },
  get monthlyReports() {
    return process.env.MONTHLY_REPORTS === "on";
  },
  get version() {
    return process.env.APP_VERSION ?? packageVersion();
  },
  get digest() {
    return process.env.APP_DIGEST ?? "development";
  },
};

/** Fails at the start, not at the first login. */
export function requireEnvironment(): void {
  for (const name of ["DATABASE_URL", "AUTH_SECRET", "WEBHOOK_SECRET"]) required(name);
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: copy .env.example to .env, or set it in the environment`);
  return value;
}

/** A typing error must not switch the guard off. */
function guardMode(value: string): GuardMode {
  const mode = GUARD_MODES.find((known) => known === value);
  if (!mode) throw new Error(`TENANT_GUARD_MODE is "${value}": use ${GUARD_MODES.join(", ")}`);
  return mode;
}

function packageVersion(): string {
  return JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version;
}
