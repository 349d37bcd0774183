import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Fleets of real hosts take minutes: `npm run fleet` (vitest.fleet.config.ts).
    include: ["test/!(fleet)/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    // Two cores: more workers than that only wait for each other and for PostgreSQL.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A run must not depend on the caller's database or colours.
    env: { DATABASE_URL: "", NO_COLOR: "", FORCE_COLOR: "", CI: "" },
  },
});
