import { Router } from "express";
import { HttpError } from "../http/errors.js";
import { runMonthlyReports } from "../jobs/monthly-reports.js";
import { requireAdminKey } from "../middleware/admin.middleware.js";

export const internal = Router();

internal.use(requireAdminKey);

/** For cron: `?month=2025-12`, or last month. */
internal.post("/jobs/monthly-reports", async (request, response) => {
  const { month } = request.query;
  if (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(String(month))) {
    throw new HttpError(400, '"month" must look like 2025-12');
  }
  response.json(await runMonthlyReports(month === undefined ? undefined : String(month)));
});
