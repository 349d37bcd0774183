import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { Attachment } from "../data/rows.js";
import { anyRow, change, ownRow, rowsOf, stampNow } from "../data/table.js";
import { pathNumber, readBody } from "../http/input.js";
import { created, file, noContent, ok } from "../http/reply.js";
import type { Clinic } from "./clinic.js";

const NewAttachment = v.object({
  fileName: v.pipe(v.string(), v.regex(/^[\w.-]{1,80}$/, "letters, digits, dots and dashes")),
  mediaType: v.picklist(["text/plain", "text/csv", "application/pdf", "image/png", "image/jpeg"]),
  contentBase64: v.pipe(v.string(), v.minLength(1), v.base64()),
});

export function attachmentRoutes({ database, router, fixed }: Clinic): void {
  router.get("/patients/{patientId}/attachments", ({ me, params }) => {
    const patient = ownRow(database.patients, pathNumber(params.patientId), me);
    const found = rowsOf(database.attachments, me.practiceId).filter((row) => row.patientId === patient.id);
    return ok(found.map(present));
  });

  router.post("/patients/{patientId}/attachments", ({ me, params, body }) => {
    const patient = ownRow(database.patients, pathNumber(params.patientId), me);
    const { contentBase64, ...fields } = readBody(NewAttachment, body);
    const attachment = database.attachments.insert({
      id: randomUUID(),
      practiceId: me.practiceId,
      patientId: patient.id,
      ...fields,
      content: Buffer.from(contentBase64, "base64"),
      uploadedBy: me.id,
      ...stampNow(),
    });
    return created(`/attachments/${attachment.id}`, present(attachment));
  });

  router.get("/attachments/{id}", ({ me, params }) =>
    ok(present(ownRow(database.attachments, params.id!, me))),
  );

  router.get("/attachments/{id}/content", ({ me, params }) => {
    const table = database.attachments;
    // LEAK GET /attachments/{id}/content: the description of the file is guarded, the file itself is not
    const attachment = fixed ? ownRow(table, params.id!, me) : anyRow(table, params.id!);
    return file(attachment.fileName, attachment.mediaType, attachment.content);
  });

  /** Answers 204 whether or not there was something to delete, so a client may repeat it. */
  router.delete("/attachments/{id}", ({ me, params }) => {
    const attachment = database.attachments.get(params.id!);
    // LEAK DELETE /attachments/{id}: deletes whichever file has the id
    const mine = fixed ? attachment?.practiceId === me.practiceId : true;
    if (attachment !== undefined && mine) change(attachment, { deletedAt: new Date().toISOString() });
    return noContent();
  });
}

function present({ practiceId, deletedAt, content, ...attachment }: Attachment) {
  return { ...attachment, sizeBytes: content.length };
}
