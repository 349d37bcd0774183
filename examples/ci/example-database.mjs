/** The example's database on an embedded PostgreSQL: prints its URL, and runs until it is ended. */
import { startDemo } from "../../dist/demo/index.js";

const demo = await startDemo((step) => process.stderr.write(`ci: ${step}\n`));
const stop = () => void demo.stop().then(() => process.exit(0));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stop);
process.stdout.write(demo.url);
setInterval(() => {}, 60_000);
