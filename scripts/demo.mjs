/** `npm run demo`: makes sure that what it needs is there, then runs the demo. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, root } from "./prepare.mjs";
import { ensurePrograms } from "./system-packages.mjs";

prepare();
const { canRunServer } = await import("../dist/adapters/postgres-binaries.js");
if (!canRunServer()) ensurePrograms(["postgres"]);
const [, , ...args] = process.argv;
const { status } = spawnSync(process.execPath, [join(root, "bin", "tenantctl.js"), "demo", ...args], {
  stdio: "inherit",
});
process.exitCode = status ?? 2;
