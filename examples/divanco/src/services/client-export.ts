import { prisma, prismaBase } from "../config/database.js";
import { leaks } from "../config/leaks.js";
import { getContext } from "../context/request-context.js";

const COLUMNS = ["id", "number", "name", "email"] as const;

/** The clients of the caller's tenant as CSV (RFC 4180), with a line of names on top. */
export async function clientsCsv(): Promise<string> {
  const { tenantId } = getContext();
  const { db, where } = leaks("export") ? { db: prismaBase, where: {} } : { db: prisma, where: { tenantId } };
  const clients = await db.client.findMany({ where, orderBy: { number: "asc" } });
  const lines = clients.map((client) => COLUMNS.map((column) => quoted(client[column])).join(","));
  return [COLUMNS.join(","), ...lines, ""].join("\r\n");
}

const quoted = (value: string) => `"${value.replaceAll('"', '""')}"`;
