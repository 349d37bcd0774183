import { type Operation, type QueryParameter, routeOf } from "../api/operations.js";
import { aliasesOf } from "../api/resources.js";
import { dispositionOf } from "../exchange.js";
import { sightings } from "../marks.js";
import { type Leak, type Observation, type Probe, unfit } from "../probe.js";
import type { Scene } from "../scene.js";
import type { Wire } from "../wire.js";
import type { World } from "../world.js";

/** Parameters that ask for more of an object: what stands around and below it. */
const expanding = /^(includes?|expand|embed|with|populate|relations?|join|load|fields|select)(\[\])?$/i;
/** What APIs that declare no such parameter mostly take. */
const usual = "include";
const mostValues = 12;

/** A's own objects, with all that can be shown along with them: B's stands in none of it. */
export function nestedInclude(operation: Operation, world: World): Probe {
  return {
    rule: "isolation/nested-include",
    label: "include",
    route: () => routeOf(operation),
    unfit: () => undefined,

    async attempt(scene: Scene, wire: Wire): Promise<Observation> {
      const { attacker, victim, list, isList, ground, marks, own } = scene;
      const isItem = routeOf(operation) !== scene.route;
      if (isItem && !ground) return unfit("nothing was created: there is no object to ask for");
      const call = isItem ? { method: "GET", url: ground!.mine.url! } : list;
      const leaks: Leak[] = [];
      let served = 0;
      const queries = [...(isItem || !isList ? [{}] : []), ...queriesOf(operation, world)];
      for (const query of queries) {
        const attack = await wire.ask(attacker, call, { query });
        if (dispositionOf(attack) === "served") served += 1;
        const seen = sightings(attack, marks);
        if (seen.length === 0) continue;
        const [[name, value] = []] = Object.entries(query);
        const asked = name === undefined ? "" : ` with ${name}=${value}`;
        const message = `${attacker.name}'s own answer${asked} holds data of ${victim.name} below it`;
        leaks.push({
          variant: `${name ?? "plain"} ${value ?? ""}`.trim(),
          message,
          attack,
          control: own,
          seen,
        });
      }
      return served > 0 || leaks.length > 0 ? { leaks } : unfit("the API refuses to be asked for more");
    },
  };
}

/** One value after another, then all of them; a word of each resource's where the API names no values. */
function queriesOf({ query }: Operation, { resources }: World): Record<string, string>[] {
  const names = [...new Set(resources.flatMap(aliasesOf))];
  const declared = query.filter(({ name }) => expanding.test(name));
  if (declared.length === 0) return [{ [usual]: names.slice(0, mostValues).join(",") }];
  return declared.flatMap((parameter) => {
    const known = valuesOf(parameter);
    const values = known.length ? known : names;
    const few = values.slice(0, mostValues);
    const all = few.length > 1 ? [few.join(",")] : [];
    return [...few, ...all].map((value) => ({ [parameter.name]: value }));
  });
}

/** What a document says that a parameter takes. */
function valuesOf({ schema, example }: QueryParameter): string[] {
  const items = (schema.items ?? {}) as typeof schema;
  const said = [
    schema.enum,
    items.enum,
    example,
    schema.example,
    schema.examples,
    items.example,
    schema.default,
  ];
  const texts = said.flat().filter((each) => typeof each === "string");
  return [...new Set(texts.flatMap((text) => [text, ...text.split(",")]))];
}
