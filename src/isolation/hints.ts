import type { Actor } from "./actor.js";
import type { ApiDocument } from "./api/document.js";
import { basePathOf } from "./api/server.js";
import type { Cell } from "./probe.js";
import { expiryOf } from "./token-claims.js";

/** How a route that lists what a tenant has answers its own tenant. */
export interface Control {
  readonly status: number;
}

/** What hints are drawn from. */
export interface Circumstances {
  readonly controls: readonly Control[];
  readonly cells: readonly Cell[];
  readonly document: ApiDocument;
  readonly baseUrl: string;
  readonly actors: readonly Actor[];
  readonly now: Date;
}

/** One cause that most of a run's outcomes seem to have, and the next thing to do. Pure. */
export function hintsOf(circumstances: Circumstances): string[] {
  const { controls } = circumstances;
  const most = (...statuses: number[]) => {
    const number = controls.filter(({ status }) => statuses.includes(status)).length;
    return number >= 2 && number > controls.length / 2 ? number : 0;
  };
  const [notFound, unauthorized, forbidden] = [most(404), most(401), most(403)];
  const of = (number: number, status: number) =>
    `${number} of ${controls.length} lists answer ${status} to their own tenant: `;
  if (notFound > 0) return [of(notFound, 404) + wrongBase(circumstances)];
  if (unauthorized > 0) return [of(unauthorized, 401) + refusedToken(circumstances)];
  if (forbidden > 0)
    return [
      `${of(forbidden, 403)}the token may be of a user without rights, or the tenant's id may be another's; next: look at what TENANT_A and TOKEN_A are (isolation.tenants in config)`,
    ];
  return oneTenant(circumstances);
}

function wrongBase({ document, baseUrl }: Circumstances): string {
  const path = basePathOf(document);
  if (path !== "" && !new URL(baseUrl).pathname.replace(/\/$/, "").endsWith(path))
    return `the base URL ${baseUrl} lacks the base path of the document's servers, ${path}; next: --base-url ${baseUrl}${path}, or isolation.baseUrl in config`;
  return `is ${baseUrl} the API that ${document.name} describes? next: correct --base-url (isolation.baseUrl in config), with the path that all routes begin with`;
}

function refusedToken({ actors, now }: Circumstances): string {
  const over = actors.flatMap(({ name, token }) => {
    const end = token === undefined ? undefined : expiryOf(token);
    return end && end < now ? [`the token of tenant ${name} expired at ${end.toISOString()}`] : [];
  });
  const cause = over.length > 0 ? over.join(", ") : "the token may have expired, or be sent in the wrong way";
  const next = `sign in again and export ${actors.map(({ name }) => `TOKEN_${name.toUpperCase()}`).join(" and ")}`;
  return `${cause}; next: ${next}${over.length > 0 ? "" : ", or say how it is sent: --token-header, --token-scheme"}`;
}

/** An application without any guard looks the same as two tokens of one tenant. */
function oneTenant({ cells }: Circumstances): string[] {
  const lists = cells.filter(
    ({ rule, outcome }) => rule === "isolation/list" && outcome !== "not applicable",
  );
  if (lists.length < 2 || lists.some(({ outcome }) => outcome !== "leaked")) return [];
  return [
    `each of ${lists.length} lists shows the other tenant's objects: there is no guard at all, or both tokens are of one tenant; next: ask the API whose each token is before these findings are believed`,
  ];
}
