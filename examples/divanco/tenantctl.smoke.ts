import { type Config, env } from "tenantctl";

const unit = {
  name: "business unit",
  request: "GET /api/v1/business-units",
  capture: { unit: "/items/0/id" },
};
const client = {
  name: "client",
  request: "GET /api/v1/clients?pageSize=1",
  capture: { client: "/items/0/id" },
};
const newAsset = {
  code: "{unique}",
  name: "Smoke test {canary}",
  businessUnitId: "{unit}",
  dailyRate: "95.50",
};
const quotation = {
  name: "quotation",
  request: "POST /api/v1/quotations",
  body: {
    businessUnitId: "{unit}",
    clientId: "{client}",
    items: [{ description: "Smoke test {canary}", quantity: 2, unitPrice: "120.50" }],
  },
  status: 201,
  expect: { status: "DRAFT", total: "241" },
  capture: { quotation: "id" },
};
const approve = {
  name: "approve",
  request: "POST /api/v1/quotations/{quotation}/approve",
  status: 200,
  expect: { status: "APPROVED" },
};
const convert = {
  name: "convert",
  request: "POST /api/v1/quotations/{quotation}/convert",
  status: 201,
  capture: { contract: "id" },
  hidden: ["GET /api/v1/contracts/{contract}", "GET /api/v1/quotations/{quotation}"],
};

const ownRows = { "/items": { every: { tenantId: "{tenant}" } } };

/** The plan's workflows, and what its smoke tests ask besides. */
export const smoke: NonNullable<Config["smoke"]> = {
  values: {
    slug: { a: env("SLUG_A"), b: env("SLUG_B"), c: env("SLUG_C") },
    password: env("SMOKE_PASSWORD"),
  },
  workflows: {
    assets: {
      steps: [
        unit,
        client,
        {
          name: "create",
          request: "POST /api/v1/assets",
          body: newAsset,
          status: 201,
          expect: { status: "AVAILABLE", tenantId: "{tenant}" },
          capture: { asset: "id" },
        },
        {
          name: "rent",
          request: "POST /api/v1/assets/{asset}/rent",
          body: { clientId: "{client}" },
          status: 201,
          expect: { assetId: "{asset}", returnedAt: null },
        },
        { name: "is rented", request: "GET /api/v1/assets/{asset}", expect: { status: "RENTED" } },
        {
          name: "not twice",
          request: "POST /api/v1/assets/{asset}/rent",
          body: { clientId: "{client}" },
          status: 409,
        },
        {
          name: "return",
          request: "POST /api/v1/assets/{asset}/return",
          expect: { returnedAt: { not: null } },
        },
        { name: "is back", request: "GET /api/v1/assets/{asset}", expect: { status: "AVAILABLE" } },
      ],
    },
    quotations: {
      steps: [
        unit,
        client,
        quotation,
        approve,
        convert,
        { name: "not twice", request: "POST /api/v1/quotations/{quotation}/convert", status: 409 },
      ],
    },
    billing: {
      steps: [
        unit,
        client,
        quotation,
        approve,
        convert,
        {
          name: "invoice",
          request: "POST /api/v1/invoices",
          body: { contractId: "{contract}" },
          status: 201,
          expect: { status: "ISSUED", lines: { length: 1 } },
          capture: { invoice: "id", total: "total" },
        },
        {
          name: "payment",
          request: "POST /api/v1/payments",
          body: { invoiceId: "{invoice}", amount: "{total}", method: "TRANSFER", reference: "{canary}" },
          status: 201,
          capture: { payment: "id" },
        },
        { name: "is paid", request: "GET /api/v1/invoices/{invoice}", expect: { status: "PAID" } },
        {
          name: "not twice",
          request: "POST /api/v1/payments",
          body: { invoiceId: "{invoice}", amount: "{total}", method: "TRANSFER" },
          status: 409,
        },
      ],
    },
    reports: {
      steps: [
        { name: "own assets", request: "GET /api/v1/assets?pageSize=100", expect: ownRows },
        { name: "own quotations", request: "GET /api/v1/quotations?pageSize=100", expect: ownRows },
        { name: "own invoices", request: "GET /api/v1/invoices?pageSize=100", expect: ownRows },
        {
          name: "own payments",
          request: "GET /api/v1/payments?pageSize=100",
          expect: ownRows,
          capture: { payments: "total" },
        },
        {
          name: "summary",
          request: "GET /api/v1/reports/summary",
          expect: { "/payments/count": "{payments}" },
        },
      ],
    },
    "create, read, update, delete": {
      steps: [
        unit,
        {
          name: "create",
          request: "POST /api/v1/assets",
          body: newAsset,
          status: 201,
          capture: { asset: "id" },
        },
        {
          name: "read",
          request: "GET /api/v1/assets/{asset}",
          expect: { code: "{unique}", tenantId: "{tenant}" },
        },
        {
          name: "update",
          request: "PATCH /api/v1/assets/{asset}",
          body: { name: "Changed {canary}" },
          expect: { name: "Changed {canary}" },
          hidden: [
            "GET /api/v1/assets/{asset}",
            { request: "PATCH /api/v1/assets/{asset}", body: { name: "Changed by another tenant" } },
          ],
        },
        {
          name: "find",
          request: "GET /api/v1/assets",
          query: { search: "{canary}" },
          expect: { total: 1, "/items/0/id": "{asset}" },
        },
        { name: "delete", request: "DELETE /api/v1/assets/{asset}", status: 204 },
        { name: "is gone", request: "GET /api/v1/assets/{asset}", status: 404 },
        {
          name: "find no more",
          request: "GET /api/v1/assets",
          query: { search: "{canary}" },
          expect: { total: 0 },
        },
      ],
      finally: [{ name: "clean up", request: "DELETE /api/v1/assets/{asset}", status: [204, 404] }],
    },
    "switch of tenant": {
      steps: [
        {
          name: "sign in",
          request: "POST /api/v1/auth/login",
          as: "nobody",
          body: { tenant: "{slug}", email: "admin@{slug}.example", password: "{password}" },
          expect: { tenantId: "{tenant}" },
          capture: { session: "token" },
        },
        {
          name: "own rows",
          request: "GET /api/v1/assets?pageSize=100",
          as: "{session}",
          expect: ownRows,
        },
        {
          name: "not the other's",
          request: "GET /api/v1/assets",
          as: "{session}",
          headers: { "X-Tenant-ID": "{other}" },
          status: 403,
        },
        {
          name: "not without signing in",
          request: "GET /api/v1/assets",
          as: "nobody",
          status: 401,
        },
        {
          name: "create",
          request: "POST /api/v1/clients",
          as: "{session}",
          body: { number: "{unique}", name: "Smoke test {canary}", email: "{unique}@smoke.example" },
          status: 201,
          expect: { tenantId: "{tenant}" },
          capture: { client: "id" },
        },
      ],
      finally: [
        {
          name: "clean up",
          request: "DELETE /api/v1/clients/{client}",
          as: "{session}",
          status: [204, 404],
        },
      ],
    },
    "background job": {
      steps: [
        {
          name: "run",
          request: "POST /internal/jobs/monthly-reports",
          as: "nobody",
          headers: { "X-Admin-Key": env("ADMIN_KEY") },
          expect: { failed: 0, month: { matches: "^\\d{4}-\\d\\d$" } },
        },
        {
          name: "run again",
          request: "POST /internal/jobs/monthly-reports",
          as: "nobody",
          headers: { "X-Admin-Key": env("ADMIN_KEY") },
          expect: { failed: 0, written: 0 },
        },
        { name: "not without its key", request: "POST /internal/jobs/monthly-reports", status: 403 },
      ],
    },
  },
};
