import { type LeakRule, leakRules } from "../description.js";
import { figuresLeaks } from "./figures.js";
import { flowsLeaks } from "./flows.js";
import type { LeakVariant, Rows } from "./places.js";
import { readingLeaks } from "./reading.js";
import { writingLeaks } from "./writing.js";

const rows: Rows = { ...readingLeaks, ...writingLeaks, ...figuresLeaks, ...flowsLeaks };

/** Every class in each of its ways. */
export const leakVariants: readonly LeakVariant[] = leakRules.flatMap((rule: LeakRule) =>
  (rows[rule] ?? []).map(([variant, places, ...alsoAcceptable]) => ({
    rule,
    variant,
    places,
    alsoAcceptable,
  })),
);
