import type { TestContext } from "vitest";
import type { GeneratedApi, Resource } from "../description.js";
import { type ServedApi, serveApi } from "../server/serve.js";
import { Client } from "./client.js";

/** Two tenants and nobody, before one API. */
export interface Scene {
  readonly api: GeneratedApi;
  readonly served: ServedApi;
  readonly a: Client;
  readonly b: Client;
  readonly nobody: Client;
  /** Where the leak is, or would be. */
  readonly resource: Resource;
  readonly root: Resource;
}

/** Serves the API until the test is over. `at` names the resource of a leak that a sound twin lacks. */
export async function openScene(
  api: GeneratedApi,
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  at = api.leak?.resource,
): Promise<Scene> {
  const served = await serveApi(api);
  onTestFinished(() => served.close());
  const { a, b } = served.tenants;
  const root = api.resources[0]!;
  return {
    ...{ api, served, root },
    a: new Client(api, served, a.id, a.token),
    b: new Client(api, served, b.id, b.token),
    nobody: new Client(api, served, a.id, undefined),
    resource: api.resources.find(({ singular }) => singular === at) ?? root,
  };
}
