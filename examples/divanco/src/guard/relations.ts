/** How a model without `tenantId` reaches the model that has it. */
export const PARENT_RELATIONS: Record<string, { field: string; model: string }> = {
  QuotationItem: { field: "quotation", model: "Quotation" },
  InvoiceLine: { field: "invoice", model: "Invoice" },
};

/**
 * The relations that may be read or written inside an operation on another model. All are lists, because
 * Prisma takes no filter on a single related row. The guard refuses every relation that is not here.
 */
export const NESTED_RELATIONS: Record<string, Record<string, string>> = {
  Client: { businessUnits: "ClientBusinessUnit", contracts: "Contract" },
  Contract: { invoices: "Invoice" },
  Module: { tenants: "TenantModule" },
  Asset: { tags: "Tag" },
  Quotation: { items: "QuotationItem" },
  Invoice: { lines: "InvoiceLine" },
};

/** Columns that point at another row of the same tenant. Each has the same name in every model. */
export const TENANT_REFERENCES: Record<string, string> = {
  businessUnitId: "BusinessUnit",
  userId: "User",
  clientId: "Client",
  assetId: "Asset",
  quotationId: "Quotation",
  contractId: "Contract",
  invoiceId: "Invoice",
  supplyId: "Supply",
};
