import { randomUUID } from "node:crypto";
import type { Answer, ServerState } from "./state.js";

const titles: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
};

/** A refusal as this API words it. `details` are further keys of a JSON body. */
export function refuse({ api }: ServerState, status: number, message: string, details: object = {}): Answer {
  const actual = api.denial.isEverything && [401, 403, 405].includes(status) ? 404 : status;
  const title = titles[actual] ?? "Error";
  const request = api.noise.requestIds ? { requestId: randomUUID() } : {};
  if (api.denial.body === "html")
    return {
      status: actual,
      type: "text/html; charset=utf-8",
      body: `<!doctype html><html><head><title>${actual} ${title}</title></head><body><h1>${title}</h1><p>${escaped(message)}</p></body></html>`,
    };
  if (api.denial.body === "problem")
    return {
      status: actual,
      type: "application/problem+json",
      body: { type: "about:blank", title, status: actual, detail: message, ...details, ...request },
    };
  return {
    status: actual,
    body: { error: { code: title.toUpperCase().replaceAll(" ", "_"), message, ...details }, ...request },
  };
}

/** What is not there, or is somebody else's: the two must not differ. */
export function deny(state: ServerState, what: string, id: string): Answer {
  const { denial, noise } = state.api;
  const message = noise.echoes ? `No ${what} with the id ${id}` : `No such ${what}`;
  if (denial.status !== 200)
    return refuse(state, denial.status, denial.status === 403 ? `No access to this ${what}` : message);
  return { status: 200, body: { success: false, error: { code: "NOT_FOUND", message } } };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
