import type { ConnectionsReading } from "../../findings/connections.js";

/**
 * Lines that make an application's connections attributable. `app.current_tenant_id` and other settings of a
 * session can't be read from another one; its application_name and its statement can.
 */
export const attributedBy: ConnectionsReading["attributedBy"] = [
  {
    way: "SQL, first in each transaction",
    line: "SET LOCAL application_name = 'tenant:TENANT_ID'",
  },
  {
    way: "Prisma, first in each interactive transaction",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of the user's code
    line: "await tx.$queryRaw`SELECT set_config('application_name', ${`tenant:${tenantId}`}, true)`",
  },
  {
    way: "sqlcommenter, before each statement",
    line: "/*tenant_id='TENANT_ID'*/ SELECT …",
  },
];
