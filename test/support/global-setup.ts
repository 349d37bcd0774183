import type { TestProject } from "vitest/node";
import { startEmbeddedPostgres } from "../../src/adapters/embedded-postgres.js";

/** One embedded PostgreSQL for the whole run; each suite makes databases of its own on it. */
export default async function setup(project: TestProject) {
  const server = await startEmbeddedPostgres({ settings: { max_connections: "100" } });
  project.provide("postgresUrl", server.url);
  return () => server.stop();
}

declare module "vitest" {
  export interface ProvidedContext {
    postgresUrl: string;
  }
}
