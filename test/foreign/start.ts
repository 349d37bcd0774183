import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createApi } from "./api.js";
import { SEED_PASSWORD } from "./data/password.js";
import type { Role } from "./data/rows.js";
import { BASE_PATH } from "./http/listener.js";
import type { Route } from "./http/router.js";

export type User = { email: string; password: string; role: Role };

export type StartedApi = {
  /** Origin without the base path, such as `http://127.0.0.1:40123`. */
  url: string;
  port: number;
  /** The path that the OpenAPI document's paths begin after. */
  basePath: string;
  routes: Route[];
  tenants: { id: string; name: string; users: User[] }[];
  /** The bearer token of a user, by a real login; fails when the API refuses it. */
  logIn: (user: { email: string; password: string }) => Promise<string>;
  close: () => Promise<void>;
};

/** Starts Pawchart with fresh data on a free loopback port. */
export async function startApi({ fixed }: { fixed: boolean }): Promise<StartedApi> {
  const { listener, routes, database } = createApi({ fixed });
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const tenants = database.practices.rows.map(({ id, name }) => ({
    id,
    name,
    users: database.staff.rows
      .filter((row) => row.practiceId === id)
      .map(({ email, role }) => ({ email, password: SEED_PASSWORD, role })),
  }));
  return {
    url,
    port,
    basePath: BASE_PATH,
    routes,
    tenants,
    logIn: ({ email, password }) => logIn(`${url}${BASE_PATH}/auth/login`, email, password),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function logIn(address: string, email: string, password: string): Promise<string> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  if (response.status !== 200) throw new Error(`${email} could not log in: status ${response.status}.`);
  const { data } = (await response.json()) as { data: { accessToken: string } };
  return data.accessToken;
}
