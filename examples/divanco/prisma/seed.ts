import { readFileSync } from "node:fs";
import pg from "pg";
import { environment } from "../src/config/environment.js";

// A seed writes for all tenants, so it must not go through the guard. prismaBase would do; plain pg also
// takes a whole script at once, which a prepared statement does not.
const DUPLICATE_KEY = "23505";
const withPlantedFaults = process.argv.includes("--with-planted-faults");
const client = new pg.Client({ connectionString: environment.databaseUrl });

const run = (file: string) => client.query(readFileSync(new URL(file, import.meta.url), "utf8"));

await client.connect();
try {
  await run("seed.sql");
  if (withPlantedFaults) {
    await run("planted-faults.sql");
    // It is meant to fail, and to leave an invalid index behind.
    await run("planted-invalid-index.sql").catch((error) => {
      if (error.code !== DUPLICATE_KEY) throw error;
    });
  }
} finally {
  await client.end();
}
