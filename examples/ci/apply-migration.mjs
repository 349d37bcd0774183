/** Applies one migration to DATABASE_URL; in a pipeline of yours that is `npx prisma migrate deploy`. */
import { readFileSync } from "node:fs";
import pg from "pg";

const client = new pg.Client(process.env.DATABASE_URL);
await client.connect();
await client.query(readFileSync(process.argv[2], "utf8"));
await client.end();
