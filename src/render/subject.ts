import type { Subject } from "../findings/finding.js";

/** Among several databases, a text with the one that it is about: `[us] …`. */
export function inDatabase({ database }: Subject, text: string): string {
  return database === undefined ? text : `[${database}] ${text}`;
}

/** What a finding is about, in one name: `public.assets.tenantId`, `assets_pkey`, `Invoice.tenantId`. */
export function subjectName(subject: Subject): string {
  if (subject.workflow !== undefined) return `${subject.workflow}: ${subject.step} (${subject.route})`;
  if (subject.route !== undefined) return subject.route;
  const table = subject.table && (subject.schema ? `${subject.schema}.${subject.table}` : subject.table);
  if (subject.schema !== undefined && table) {
    const detail = subject.index ?? subject.constraint ?? subject.column;
    return detail === undefined ? table : `${table}.${detail}`;
  }
  if (subject.role !== undefined) return `role ${subject.role}`;
  if (subject.limit !== undefined) return `${subject.limit} limit`;
  const name = subject.model ?? table ?? subject.host ?? subject.file ?? "";
  return subject.field === undefined ? name : `${name}.${subject.field}`;
}
