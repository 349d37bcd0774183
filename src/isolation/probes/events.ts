import { isLoopback } from "../../adapters/http/loopback.js";
import { openSink, type Sink } from "../../adapters/http/sink.js";
import type { HttpStream } from "../../adapters/http/stream.js";
import { lookUntil } from "../../adapters/pause.js";
import type { Actor } from "../actor.js";
import { propertiesOf } from "../api/body.js";
import { isEventStream, type Operation, routeOf } from "../api/operations.js";
import type { Resource } from "../api/resources.js";
import { type Exchange, exchangeOf } from "../exchange.js";
import { sightings } from "../marks.js";
import type { Planter } from "../planting/planter.js";
import { type Observation, type Trial, unfit, unsure } from "../probe.js";
import type { World } from "../world.js";

const label = "events";
const rule = "isolation/events";
/** Of waiting for an event, in milliseconds. */
const patience = 2000;
const between = 100;
/** Kinds of objects that are created to make something happen. */
const mostKinds = 6;

/** Something happens in B: A's open stream, and the address that A subscribed, hear nothing of it. */
export function eventTrials(world: World): Trial[] {
  const streams = world.operations.filter((each) => each.method === "GET" && isEventStream(each));
  const hooks = world.resources.filter((resource) => resource.create && callbackOf(resource, world));
  return [
    ...streams.map((operation) => streamTrial(world, operation)),
    ...hooks.map((resource) => webhookTrial(world, resource)),
  ];
}

function streamTrial(world: World, operation: Operation): Trial {
  const { planter, options, run } = world;
  const { attacker, victim } = options;
  return {
    ...{ route: routeOf(operation), rule, label },
    async attempt(): Promise<Observation> {
      const streams: HttpStream[] = [];
      const open = async (actor: Actor) => {
        const parameters = await planter.needs.parametersFor(actor, operation.path);
        const url = parameters && planter.urlOf(operation.path, parameters);
        if (url === undefined) return undefined;
        const stream = await run.wire.open(actor, { method: "GET", url });
        streams.push(stream);
        return stream;
      };
      try {
        const mine = await open(attacker);
        const theirs = await open(victim);
        if (!mine || !theirs) return unfit("its path has a parameter that is not known");
        if (mine.response().status !== 200)
          return unsure(`${attacker.name} can't open it: ${mine.response().status}`);
        await makeHappen(world);
        const heard = () => exchangeOf(attacker.name, mine.request, mine.response());
        const own = await until(world, () => sightings(heard(), planter.marksOf(attacker)).length > 0);
        const control = exchangeOf(victim.name, theirs.request, theirs.response());
        return judged(world, heard(), control, own, "stream");
      } finally {
        await Promise.all(streams.map((stream) => stream.close()));
      }
    },
  };
}

function webhookTrial(world: World, resource: Resource): Trial {
  const { planter, options, baseUrl } = world;
  const { attacker, victim } = options;
  return {
    ...{ route: routeOf(resource.create!), rule, label },
    async attempt(): Promise<Observation> {
      if (!isLoopback(new URL(baseUrl).hostname)) return unfit("what is not on this machine can't call back");
      const field = callbackOf(resource, world)!;
      const sink = await openSink();
      try {
        for (const actor of [attacker, victim]) {
          const changes = { [field]: `${sink.base}/${actor.name}` };
          const subscribed = await planter.plant(actor, resource, { changes });
          if ("refused" in subscribed) return unsure(subscribed.refused);
        }
        await makeHappen(world, resource);
        const heard = () => callOf(sink, attacker);
        const own = await until(world, () => sightings(heard(), planter.marksOf(attacker)).length > 0);
        return judged(world, heard(), callOf(sink, victim), own, "subscription");
      } finally {
        await sink.close();
      }
    },
  };
}

function judged(
  { planter, options: { attacker, victim } }: World,
  attack: Exchange,
  control: Exchange,
  isHeard: boolean,
  what: string,
): Observation {
  const seen = sightings(attack, planter.marksOf(victim));
  if (seen.length > 0) {
    const message = `${attacker.name}'s ${what} told what ${victim.name} created`;
    return { leaks: [{ variant: what, message, attack, control, seen }] };
  }
  return isHeard
    ? { leaks: [] }
    : unsure(`${attacker.name}'s ${what} told nothing of its own within ${patience / 1000} s either`);
}

/** Both create some of each kind, the victim first: its event has had its time when the own one is there. */
async function makeHappen({ planter, resources, options }: World, except?: Resource): Promise<void> {
  const kinds = resources.filter((each) => each.create && each !== except);
  for (const actor of [options.victim, options.attacker]) {
    for (const resource of kinds.slice(0, mostKinds)) await planter.plant(actor, resource);
  }
}

function until({ run: { wire } }: World, isThere: () => boolean): Promise<boolean> {
  const { signal } = wire.client.options;
  return lookUntil(async () => isThere(), Boolean, { most: patience / between + 1, between, signal });
}

/** What a sink received, as if it were an answer. */
function callOf(sink: Sink, { name }: Actor): Exchange {
  const request = { method: "POST", url: `${sink.base}/${name}`, headers: {} };
  const body = sink.received(`/${name}`);
  return exchangeOf(name, request, { status: 200, headers: {}, body, isTruncated: false, durationMs: 0 });
}

/** The field of a subscription that says where to call. */
function callbackOf(
  { create, name }: Resource,
  { planter }: { readonly planter: Planter },
): string | undefined {
  const { document } = planter.options;
  const properties = create?.body && propertiesOf(document, create.body.schema);
  const isSubscription = /hook|subscri|callback|listener|endpoint/i.test(name);
  return Object.keys(properties ?? {}).find(
    (field) =>
      /^(callback|hook|webhook|target|delivery|notify|notification)_?(url|uri)$/i.test(field) ||
      (isSubscription && /^(url|uri|endpoint|target|address)$/i.test(field)),
  );
}
