import { type Actor, type Binding, Evidence, type Exchange, leavesOf } from "../isolation/index.js";

/** Shorter values would hide what is none. */
const shortest = 8;
/** Names of fields and headers whose values nobody should read. */
export const secretField =
  /(token|secret|password|passphrase|(api|admin|access)[_-]?key|jwt|otp|credentials?|authorization|cookie)$/i;

/** Everything that no output may hold: tokens, what config refers to, and what looks like either in a body. */
export class Secrets {
  readonly #byName = new Map<string, Actor>();

  constructor(actors: readonly Actor[]) {
    for (const actor of actors) this.#byName.set(actor.name, actor);
  }

  /** @param name how a curl line names its variable: `a_viewer` is `$TOKEN_A_VIEWER` */
  add(name: string, value: string): void {
    this.#byName.set(name, { name, tenantId: "", token: value });
  }

  /** A login answers with a token, and its body held a password. */
  learnFrom({ request, parsed }: Exchange): void {
    const said = request.body === undefined ? [] : leavesOf(parsedBody(request.body));
    for (const { path, value } of [...parsed.leaves, ...said]) {
      if (value.length >= shortest && secretField.test(path)) this.add(`value ${value}`, value);
    }
  }

  /** Evidence without any secret that is known by now. */
  evidence(binding: Binding): Evidence {
    return new Evidence([...this.#byName.values()], binding);
  }
}

function parsedBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
