import type { LeakRule } from "../description.js";
import { attacksOnFigures } from "./attacks-figures.js";
import { attacksOnFlows } from "./attacks-flows.js";
import { attacksOnReading } from "./attacks-reading.js";
import { attacksOnWriting } from "./attacks-writing.js";
import type { Scene } from "./scene.js";

/** Tries, as A, for what one fault opens; tells whether A got it. */
export type Attack = (scene: Scene) => Promise<boolean>;
/** By class, then by variant. */
export type Attacks = Partial<Record<LeakRule, Readonly<Record<string, Attack>>>>;

const all: readonly Attacks[] = [attacksOnReading, attacksOnWriting, attacksOnFigures, attacksOnFlows];

/** @throws Error where nobody wrote one: every variant needs its proof. */
export function attackOf(rule: LeakRule, variant: string): Attack {
  const attack = all.map((attacks) => attacks[rule]?.[variant]).find((each) => each !== undefined);
  if (!attack) throw new Error(`no attack proves ${rule}, ${variant}`);
  return attack;
}
