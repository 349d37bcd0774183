import { Router } from "express";
import { isSignedDownload, signDownload } from "../auth/download-link.js";
import { HttpError } from "../http/errors.js";
import { idParam } from "../http/input.js";
import { queryText } from "../http/query.js";
import { type ExportJob, findExport, startExport } from "../jobs/exports.js";

export const exports = Router();

exports.post("/", (_request, response) => {
  const job = startExport();
  response.status(202).location(`/api/v1/exports/${job.id}`).json(described(job));
});

exports.get("/:id", (request, response) => {
  response.json(described(findExport(idParam(request))));
});

/** The signature ends the link after five minutes; the token still says who is asking. */
exports.get("/:id/download", (request, response) => {
  const { id, tenantId, content } = findExport(idParam(request));
  const [expires, signature] = [queryText(request, "expires") ?? "", queryText(request, "signature") ?? ""];
  if (!isSignedDownload(id, tenantId, expires, signature)) throw new HttpError(403, "The link is not valid");
  if (content === undefined) throw new HttpError(409, "The export is not done");
  response.attachment("clients.csv").type("text/csv").send(content);
});

function described({ id, tenantId, status, createdAt }: ExportJob) {
  const download = `/api/v1/exports/${id}/download?${signDownload(id, tenantId)}`;
  return { id, tenantId, status, createdAt, download: status === "DONE" ? download : null };
}
