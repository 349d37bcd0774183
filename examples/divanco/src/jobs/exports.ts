import { randomUUID } from "node:crypto";
import { getContext, runWithContext } from "../context/request-context.js";
import { HttpError } from "../http/errors.js";
import { log } from "../log.js";
import { clientsCsv } from "../services/client-export.js";
import { publish } from "../services/events.js";

export interface ExportJob {
  readonly id: string;
  readonly tenantId: string;
  readonly createdAt: Date;
  status: "RUNNING" | "DONE" | "FAILED";
  /** CSV, once it is done. */
  content?: string;
}

const LIFETIME_MILLISECONDS = 60 * 60 * 1000;

// In memory: a restart or an hour ends them, and a customer asks again.
const jobs = new Map<string, ExportJob>();

/** Starts an export of the caller's clients. It goes on after the request, in a context of its own. */
export function startExport(): ExportJob {
  const { tenantId, userId } = getContext();
  const job: ExportJob = { id: randomUUID(), tenantId, createdAt: new Date(), status: "RUNNING" };
  jobs.set(job.id, job);
  setTimeout(() => jobs.delete(job.id), LIFETIME_MILLISECONDS).unref();
  void runWithContext({ tenantId, userId }, () => run(job));
  return job;
}

/** An export of the caller's tenant. Somebody else's is not found. */
export function findExport(id: string): ExportJob {
  const job = jobs.get(id);
  if (!job || job.tenantId !== getContext().tenantId) throw new HttpError(404, "Not found");
  return job;
}

async function run(job: ExportJob): Promise<void> {
  try {
    job.content = await clientsCsv();
    job.status = "DONE";
    publish("export.done", { id: job.id, name: "clients.csv" });
  } catch (error) {
    job.status = "FAILED";
    log.error("Export failed", { tenantId: job.tenantId, error: String(error) });
  }
}
