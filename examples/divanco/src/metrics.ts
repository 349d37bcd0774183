import { Counter, Histogram } from "./prometheus.js";

export const httpRequests = new Counter("http_requests_total", "Requests by method, route and status.", {
  isLabelled: true,
});
export const httpDuration = new Histogram(
  "http_request_duration_seconds",
  "Time to answer, by method and route.",
);
export const tenantContextErrors = new Counter(
  "tenant_context_errors_total",
  "Queries without a tenant context, refused or, in warn mode, let through.",
);
export const crossTenantAttempts = new Counter(
  "cross_tenant_attempts_total",
  "Requests that named a tenant or business unit of somebody else.",
);

/** The Prometheus text exposition, format 0.0.4. */
export const exposition = () =>
  [httpRequests, httpDuration, tenantContextErrors, crossTenantAttempts]
    .flatMap((metric) => metric.lines())
    .join("\n")
    .concat("\n");
