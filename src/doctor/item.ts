import type { CheckResult } from "../findings/report.js";

/** One thing that tenantctl may need: there or not, and what follows. */
export interface Item {
  /** Unique in a report: `git`, `rights`; of one database among several `eu/rights`. */
  readonly id: string;
  /** The heading that it stands under. */
  readonly group: string;
  readonly name: string;
  /** Skipped is not there, and not needed. */
  readonly status: "pass" | "skipped" | "error";
  /** Null where it has none, or does not tell it. */
  readonly version: string | null;
  /** What was found, in words. */
  readonly found: string;
  readonly usedFor: string;
  /** What can't be done without it. */
  readonly blocks: string;
  /** What mends it, in words; null where nothing has to be. */
  readonly hint: string | null;
  /** Commands or statements that mend it, each runnable alone, in order. */
  readonly commands: readonly string[];
  readonly isNeeded: boolean;
}

/** What an item says of itself; status and hint follow from whether it is there and needed. */
export interface ItemDraft extends Omit<Item, "status" | "version" | "hint" | "commands"> {
  readonly isThere: boolean;
  readonly version?: string | undefined;
  readonly hint?: string | undefined;
  readonly commands?: readonly string[] | undefined;
}

/** A thing that is missing is an error where it is needed, else skipped. What is there needs no mending. */
export function itemOf({ isThere, version, hint, commands = [], ...rest }: ItemDraft): Item {
  return {
    ...rest,
    status: isThere ? "pass" : rest.isNeeded ? "error" : "skipped",
    version: version ?? null,
    hint: isThere ? null : (hint ?? null),
    commands: isThere ? [] : commands,
  };
}

/** An item as a check of the report, so that every format shows it and the verdict follows. */
export function checkOf(item: Item): CheckResult {
  const { id, group, name, status } = item;
  return {
    id,
    title: `${group}: ${name}`,
    status,
    ...(status === "pass" ? {} : { reason: reasonOf(item) }),
    durationMs: 0,
    facts: { ...item },
    findings: [],
  };
}

/** All of it in one line; `commands` has the exact statements. */
function reasonOf({ found, blocks, hint, commands }: Item): string {
  const mends = commands.map((command) => command.replace(/;$/, "")).join("; ");
  const advice = [...(hint ? [hint] : []), ...(mends ? [mends] : [])].join(hint?.endsWith(":") ? " " : "; ");
  return [found, `without it: ${blocks}`, ...(advice ? [advice] : [])].join("; ");
}
