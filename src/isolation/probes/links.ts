import { routeOf } from "../api/operations.js";
import { operationAt } from "../api/route-match.js";
import { dispositionOf, type Exchange } from "../exchange.js";
import { sightings } from "../marks.js";
import type { Planted } from "../planting/planted.js";
import { type Leak, type Observation, type Trial, unfit } from "../probe.js";
import type { World } from "../world.js";

/** A link in an answer that leads to a file, not to a route that tells JSON. */
interface FileLink {
  /** Absolute. */
  readonly url: string;
  /** Where it stood: `downloadUrl`. */
  readonly path: string;
}

/**
 * Links that B's answers hold: without a signature they ask for a token, and B's; a signature holds for what it
 * was made for, so that A's own does not open B's file.
 */
export function linkTrials(world: World): Trial[] {
  const { planter, options } = world;
  const ofVictim = planter.planted.filter(({ owner }) => owner.name === options.victim.name);
  const last = new Map(ofVictim.map((planted) => [planted.resource, planted]));
  return [...last.values()].flatMap((theirs) => {
    const mine = planter.planted.findLast(
      ({ owner, resource }) => owner.name === options.attacker.name && resource === theirs.resource,
    );
    return mine && theirs.url !== undefined && theirs.home.read ? [linkTrial(world, mine, theirs)] : [];
  });
}

function linkTrial(world: World, mine: Planted, theirs: Planted): Trial {
  const { planter, options, run } = world;
  const { attacker, victim } = options;
  const { wire } = run;
  return {
    route: routeOf(theirs.home.read!),
    rule: "isolation/export",
    label: "link",
    async attempt(): Promise<Observation> {
      const [link] = linksOf(await planter.readBack(theirs), world);
      if (!link) return unfit("its answers hold no link to a file");
      const own = linksOf(await planter.readBack(mine), world).find(({ path }) => path === link.path);
      const marks = planter.marksOf(victim);
      const control = await wire.ask(victim, { method: "GET", url: link.url });
      const leaks: Leak[] = [];
      for (const [variant, url, isAnonymous] of waysOf(link, own, mine, theirs)) {
        const attack = await wire.ask(attacker, { method: "GET", url }, { isAnonymous });
        const isSame = attack.response.body !== "" && attack.response.body === control.response.body;
        const seen = sightings(attack, marks);
        if (dispositionOf(attack) !== "served" || (seen.length === 0 && !isSame)) continue;
        const message = `${attacker.name} received the file that ${victim.name}'s link ${link.path} leads to, ${variant}`;
        leaks.push({ variant, message, attack, control, seen });
      }
      return { leaks };
    },
  };
}

/** A signed link may be opened by whoever has it, so only a changed one tells anything. */
function waysOf(
  { url }: FileLink,
  own: FileLink | undefined,
  mine: Planted,
  theirs: Planted,
): [variant: string, url: string, isAnonymous: boolean][] {
  const secrets = [...new URL(url).searchParams.keys()].filter((name) => isSecret(name));
  if (secrets.length === 0)
    return [
      ["with another tenant's token", url, false],
      ["without a token", url, true],
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

function isSecret(name: string): boolean {
  return /sig|token|hmac|hash|key|secret|credential|^s$|^t$/i.test(name);
}

/** Links to the same origin that lead to no route of JSON: what the document does not know, or knows as a file. */
function linksOf(exchange: Exchange | undefined, { operations, baseUrl }: World): FileLink[] {
  if (!exchange || dispositionOf(exchange) !== "served") return [];
  return exchange.parsed.leaves.flatMap(({ path, value }) => {
    if (!/^(https?:\/\/|\/)\S+$/.test(value) || !URL.canParse(value, baseUrl)) return [];
    const url = new URL(value, exchange.request.url);
    if (url.origin !== new URL(baseUrl).origin || url.href === exchange.request.url) return [];
    const operation = operationAt(url, baseUrl, operations);
    return operation &&
      routeOf(operation).startsWith("GET") &&
      operation.produces.some((type) => /json/.test(type))
      ? []
      : [{ url: url.href, path }];
  });
}
