import { isLoopback } from "../adapters/http/loopback.js";
import type { Settings } from "../config/settings.js";
import { UsageError } from "../findings/errors.js";

/**
 * Whether something may be done to what stands at an address: where it is not protected, or `--confirm` names
 * the environment. Protected is every address off loopback, unless config says otherwise.
 *
 * @throws UsageError where `--confirm` names another environment.
 */
export function isConfirmed(confirm: string | undefined, settings: Settings, address: string): boolean {
  return isConfirmedFor(confirm, settings, isLoopback(new URL(address).hostname));
}

/** The same for what is known to be on this machine, or not. */
export function isConfirmedFor(
  confirm: string | undefined,
  { isProtected, environment }: Settings,
  isLocal: boolean,
): boolean {
  if (!(isProtected ?? !isLocal)) return true;
  if (confirm === undefined || confirm === environment) return confirm !== undefined;
  throw new UsageError(
    `--confirm ${confirm} does not name the environment, ${environment}`,
    `--confirm ${environment}`,
  );
}
