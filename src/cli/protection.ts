import { isLoopback } from "../adapters/http/loopback.js";
import type { Settings } from "../config/settings.js";
import { UsageError } from "../findings/errors.js";

/** Whether nothing may be changed there without `--confirm`: every address that is not on this machine. */
export function isProtectedAddress({ isProtected }: Settings, address: string): boolean {
  return isProtected ?? !isLoopback(new URL(address).hostname);
}

/**
 * Whether the environment was named, so that a protected one may be changed.
 *
 * @throws UsageError where another one was named.
 */
export function isConfirmed(confirm: string | undefined, { environment }: Settings): boolean {
  if (confirm === undefined || confirm === environment) return confirm !== undefined;
  throw new UsageError(
    `--confirm ${confirm} does not name the environment, ${environment}`,
    `--confirm ${environment}`,
  );
}
