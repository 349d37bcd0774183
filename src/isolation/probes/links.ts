import type { RuleId } from "../../findings/rules.js";
import type { Actor } from "../actor.js";
import { type Operation, routeOf } from "../api/operations.js";
import type { Resource } from "../api/resources.js";
import { operationAt } from "../api/route-match.js";
import { tenantParameters } from "../api/tenant-parameters.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { randomLike } from "../ids.js";
import { sightings } from "../marks.js";
import type { Planted } from "../planting/planted.js";
import { type Leak, type Observation, type Trial, unsure } from "../probe.js";
import { isSignature } from "../signature.js";
import type { World } from "../world.js";

/** A link in an answer that leads to a file, not to a route that tells JSON. */
interface FileLink {
  /** Absolute. */
  readonly url: string;
  /** Where it stood: `downloadUrl`. */
  readonly path: string;
  /** The route that it calls, where the document has it. */
  readonly operation: Operation | undefined;
}

/**
 * Links that B's answers hold: without a signature they ask for a token, and B's; a signature holds for what it
 * was made for, so that A's own does not open B's file.
 */
export async function linkTrials(world: World): Promise<Trial[]> {
  const { planter, options } = world;
  const trials: Trial[] = [];
  for (const resource of new Set(planter.planted.map((planted) => planted.resource))) {
    const theirs = await alive(world, resource, options.victim);
    const mine = theirs && (await alive(world, resource, options.attacker));
    if (!mine) continue;
    const links = await linksIn(theirs, world);
    if (links.length === 0) continue;
    const own = await linksIn(mine, world);
    trials.push(...links.map((link) => linkTrial(world, link, own, mine, theirs)));
  }
  return trials;
}

/** The last object of an owner's that no probe has deleted. */
async function alive({ planter }: World, resource: Resource, owner: Actor): Promise<Planted | undefined> {
  for (const planted of planter.plantedBy(owner, resource).reverse()) {
    if (!planted.home.read || planted.url === undefined) return undefined;
    const { wire } = planter.options;
    if (dispositionOf(await wire.get(owner, planted.url)) === "served") return planted;
  }
  return undefined;
}

/** What a job makes is waited for. */
async function linksIn(planted: Planted, world: World): Promise<FileLink[]> {
  const isJob = planted.exchange.response.status === 202;
  const shown = await world.planter.reader.readUntil(
    planted,
    (each) => !isJob || linksOf(each, world).length > 0,
  );
  return linksOf(shown, world);
}

function linkTrial(
  world: World,
  link: FileLink,
  others: readonly FileLink[],
  mine: Planted,
  theirs: Planted,
): Trial {
  const { planter, options, run } = world;
  const { attacker, victim } = options;
  const { wire } = run;
  return {
    route: link.operation ? routeOf(link.operation) : routeOf(theirs.home.read!),
    rule: "isolation/export",
    label: "link",
    async attempt(): Promise<Observation> {
      const own = others.find(({ path }) => path === link.path);
      const marks = planter.marksOf(victim);
      const control = await wire.get(victim, link.url);
      if (dispositionOf(control) !== "served" || control.response.body === "")
        return unsure(
          `${victim.name} can't open its own link ${link.path} either: ${control.response.status}`,
        );
      const mineToo = own && (await wire.get(attacker, own.url));
      // What both links lead to is nobody's: a picture of the application, or its page for everything.
      // Nor is what is served under any id: it is made of the URL.
      const url = link.url.replaceAll(theirs.id, randomLike(theirs.id));
      const isForAll = url !== link.url && dispositionOf(await wire.get(victim, url)) === "served";
      const isOwn = mineToo !== undefined && mineToo.response.body !== control.response.body && !isForAll;
      const leaks: Leak[] = [];
      for (const [variant, url, isAnonymous] of waysOf(link, own, mine, theirs)) {
        const attack = await wire.get(attacker, url, { isAnonymous });
        const isSame = isOwn && attack.response.body === control.response.body;
        const seen = sightings(attack, marks);
        if (dispositionOf(attack) !== "served" || (seen.length === 0 && !isSame)) continue;
        const message = `${attacker.name} received the file that ${victim.name}'s link ${link.path} leads to, ${variant}`;
        const leak = { variant, message, attack, control, seen };
        // What opens to nobody in particular asks for no tenant: that A's token opens it too says nothing more.
        if (isAnonymous) return { leaks: [leak] };
        leaks.push({ ...leak, ...ofTenantInPath(link, world) });
      }
      return { leaks };
    },
  };
}

/** Where the path names the tenant, asking for B's is another class. */
function ofTenantInPath({ operation }: FileLink, { options }: World): { readonly rule?: RuleId } {
  const isNamed = operation && Object.keys(tenantParameters(operation.path, options.tenantFields)).length > 0;
  return isNamed ? { rule: "isolation/tenant-override" } : {};
}

/** A signed link may be opened by whoever has it, so only a changed one tells anything. */
function waysOf(
  { url }: FileLink,
  own: FileLink | undefined,
  mine: Planted,
  theirs: Planted,
): [variant: string, url: string, isAnonymous: boolean][] {
  const secrets = [...new URL(url).searchParams.keys()].filter(isSignature);
  if (secrets.length === 0)
    return [
      ["without a token", url, true],
      ["with another tenant's token", url, false],
    ];
  const bare = new URL(url);
  for (const name of secrets) bare.searchParams.delete(name);
  const forged = own && forgedFrom(own.url, mine, theirs);
  return [
    ["without its signature", bare.href, true],
    ["without its signature, with another tenant's token", bare.href, false],
    ...(forged && forged !== own.url
      ? [["with the signature of another link", forged, true] as [string, string, boolean]]
      : []),
  ];
}

/** A's own link, with B's ids in place of A's. */
function forgedFrom(url: string, mine: Planted, theirs: Planted): string {
  const ids = [
    [mine.id, theirs.id],
    [mine.owner.tenantId, theirs.owner.tenantId],
  ] as const;
  return ids.reduce((text, [from, to]) => text.replaceAll(from, to), url);
}

/** Links to the same origin that lead to no route of JSON: what the document does not know, or knows as a file. */
function linksOf(exchange: Exchange | undefined, { operations, baseUrl }: World): FileLink[] {
  if (!exchange || dispositionOf(exchange) !== "served") return [];
  return exchange.parsed.leaves.flatMap(({ path, value }) => {
    if (!/^(https?:\/\/|\/)\S+$/.test(value) || !URL.canParse(value, baseUrl)) return [];
    const url = new URL(value, exchange.request.url);
    if (url.origin !== new URL(baseUrl).origin || url.href === exchange.request.url) return [];
    const operation = operationAt("GET", url, baseUrl, operations);
    const tellsJson = operation?.produces.some((type) => type.includes("json"));
    return tellsJson ? [] : [{ url: url.href, path, operation }];
  });
}
