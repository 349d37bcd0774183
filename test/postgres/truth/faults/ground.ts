import type { RuleId } from "../../../../src/findings/rules.js";
import type { Application, Constraint, Model, Row } from "../application.js";
import { type Deviation, RowFactory } from "../build/rows.js";
import type { Dice } from "../dice.js";
import type { Expected } from "../expected.js";

/**
 * A part of a model that a fault needs. `whole` is the model with all of its parts. What is only read (the
 * way to the tenant) may be shared by several faults.
 */
export interface Claim {
  readonly model: Model;
  readonly part: "whole" | "entry" | "index" | "tie" | "null" | "way" | "columns" | `relation ${string}`;
  readonly isShared?: boolean;
}

/** Changes an application so that one rule is broken; undefined where the application has no place for it. */
export type Variant = (ground: Ground) => readonly Expected[] | undefined;

/** All ways to break one rule. */
export interface Fault {
  readonly rule: RuleId;
  readonly variants: readonly Variant[];
}

/** The application while faults are planted in it: who has taken which part, and how rows are made. */
export class Ground {
  readonly rows: RowFactory;
  private readonly claims = new Map<Model, Map<string, boolean>>();
  private made = 0;

  constructor(
    readonly application: Application,
    /** Each fault rolls its own. */
    public dice: Dice,
    /** `server_version_num`, which decides what constraints there are. */
    readonly serverVersion: number,
  ) {
    this.rows = new RowFactory(application, dice);
  }

  get models(): Model[] {
    return this.application.models;
  }

  /** The first candidate, in random order, whose parts are all free; they are taken. */
  take<Site>(candidates: readonly Site[], claimsOf: (site: Site) => readonly Claim[]): Site | undefined {
    const site = this.dice
      .shuffle(candidates)
      .find((each) => claimsOf(each).every((claim) => this.isFree(claim)));
    if (site === undefined) return undefined;
    for (const { model, part, isShared = false } of claimsOf(site)) {
      const taken = this.claims.get(model) ?? new Map<string, boolean>();
      this.claims.set(model, taken.set(part, isShared));
    }
    return site;
  }

  /** Takes a whole model that fits. */
  takeModel(fits: (model: Model) => boolean, ...parts: readonly Claim["part"][]): Model | undefined {
    const wanted = parts.length ? parts : (["whole"] as const);
    return this.take(this.models.filter(fits), (model) => wanted.map((part) => ({ model, part })));
  }

  private isFree({ model, part, isShared = false }: Claim): boolean {
    const taken = this.claims.get(model);
    if (!taken) return true;
    if (part === "whole" || taken.has("whole")) return false;
    return !taken.has(part) || (isShared && taken.get(part) === true);
  }

  /** A name that no table, index or constraint has. */
  name(wanted: string): string {
    this.made += 1;
    return `planted ${wanted} ${this.made}`;
  }

  /** Some rows to plant, mostly few. */
  count(): number {
    return this.dice.pick([1, 1, 2, 3, 5, 11, 17]);
  }

  /** Rows of a model that differ from sound ones. */
  plant(model: Model, owner: Row | null, count: number, deviation: () => Deviation): Row[] {
    return Array.from({ length: count }, () =>
      this.rows.add(model, owner, { ...deviation(), isPlanted: true }),
    );
  }

  /** Ways in which a constraint proves nothing, on this server. */
  unproven(model: Model): Constraint["state"] | undefined {
    if (this.serverVersion >= 180_000) return this.dice.pick(["not valid", "not enforced"]);
    return model.partitioning ? undefined : "not valid";
  }
}
