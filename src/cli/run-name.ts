import type { Context } from "./context.js";

/** What the journal of a run is called: no two runs on a machine begin in one second with one process id. */
export function runName({ now }: Context): string {
  return `${now().toISOString().replace(/\D/g, "").slice(0, 14)}-${process.pid}`;
}
