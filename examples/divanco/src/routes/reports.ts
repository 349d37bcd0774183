import { Router } from "express";
import { prisma, prismaBase } from "../config/database.js";
import { leaks } from "../config/leaks.js";
import { getContext } from "../context/request-context.js";

export const reports = Router();

reports.get("/summary", async (_request, response) => {
  const own = { tenantId: getContext().tenantId };
  const { db, where } = leaks("aggregate") ? { db: prismaBase, where: {} } : { db: prisma, where: own };
  const [assets, openRentals, quotations, invoices, payments] = await Promise.all([
    db.asset.groupBy({ by: "status", where, _count: true }),
    db.rental.count({ where: { ...where, returnedAt: null } }),
    db.quotation.groupBy({ by: "status", where, _count: true, _sum: { total: true } }),
    db.invoice.groupBy({ by: "status", where, _count: true, _sum: { total: true } }),
    db.payment.aggregate({ where, _count: true, _sum: { amount: true } }),
  ]);
  response.json({
    assets: assets.map(({ status, _count }) => ({ status, count: _count })),
    openRentals,
    quotations: quotations.map(byStatus),
    invoices: invoices.map(byStatus),
    payments: { count: payments._count, total: payments._sum.amount ?? 0 },
  });
});

const byStatus = <Status, Total>(group: { status: Status; _count: number; _sum: { total: Total } }) => ({
  status: group.status,
  count: group._count,
  total: group._sum.total,
});
