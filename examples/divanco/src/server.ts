import { createApp } from "./app.js";
import { prismaBase } from "./config/database.js";
import { environment, requireEnvironment } from "./config/environment.js";
import { activeLeaks } from "./config/leaks.js";
import { validateModelRegistration } from "./config/tenant-model-registry.js";
import { scheduleMonthlyReports } from "./jobs/monthly-reports.js";
import { log } from "./log.js";
import { endStreams } from "./services/events.js";

requireEnvironment();
validateModelRegistration();

const { port, guardMode, version } = environment;
if (activeLeaks.length > 0)
  log.warn("Leaks are switched on: not for customers' data", { leaks: activeLeaks });

const server = createApp().listen(port, (error) => {
  if (error) throw error;
  log.info("divanco-api listening", { port, version, guard: guardMode });
  // pm2 with wait_ready counts the process as up from here.
  process.send?.("ready");
});

if (environment.monthlyReports) scheduleMonthlyReports();

/** Answers what has arrived, takes nothing new, and goes. */
async function shutDown(signal: string): Promise<void> {
  log.info("divanco-api stopping", { signal });
  endStreams();
  await new Promise((resolve) => server.close(resolve));
  await prismaBase.$disconnect();
  process.exit(0);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void shutDown(signal));
