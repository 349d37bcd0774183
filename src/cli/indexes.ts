import { Command } from "commander";
import type { Context } from "./context.js";

/** `tenantctl index`: what indexes do, what is missing, and work on them that stops nobody. */
export function indexCommand(_context: Context): Command {
  return new Command("index").description("index reports, and concurrent builds and drops");
}
