import type { Entry, EntryDraft } from "../types.js";
import { canonicalJson } from "./canonical.js";
import { GrowingTree, leafHash } from "./merkle.js";
import type { Change, Reading, Writer } from "./store.js";

/** A line of the journal: an entry, and the root of the tree that ends with it. */
export interface Line {
  readonly entry: Entry;
  readonly root: string;
}

/** Hash of an entry, as a leaf of the tree: over its RFC 8785 text. */
export function entryLeaf(entry: Entry): string {
  return leafHash(canonicalJson(entry));
}

/** The entries so far, with what it takes to add one. */
export class Chain {
  readonly entries: Entry[] = [];
  readonly #tree = new GrowingTree();
  strays = 0;
  change: Change | undefined;

  get root(): string {
    return this.#tree.root;
  }

  /** Takes a line over, or says why not. */
  take({ entry, root }: Partial<Line>): void {
    if (this.change) return;
    const next = this.entries.length + 1;
    const isStray =
      entry !== undefined && (entry.sequence < next || entry.fence < (this.entries.at(-1)?.fence ?? 0));
    if (isStray) {
      this.strays += 1;
      return;
    }
    if (entry?.sequence !== next) {
      const found = entry ? `entry ${entry.sequence}` : "a line without an entry";
      this.change = { sequence: next, reason: `entry ${next} is missing: ${found} stands in its place` };
    } else if (this.#tree.with(entryLeaf(entry)) !== root) {
      this.change = { sequence: next, reason: `entry ${next} does not fit its root: it was changed` };
    } else {
      this.#tree.add(entryLeaf(entry));
      this.entries.push(entry);
    }
  }

  /** The line that would follow. Nothing is changed by asking. */
  following(draft: EntryDraft, fence: number, { actor, now, clean }: Writer): Line {
    const last = this.entries.at(-1);
    const clock = now().toISOString();
    const isSetBack = last !== undefined && clock < last.at;
    const stamped = {
      ...clean(draft),
      sequence: this.entries.length + 1,
      at: isSetBack ? last.at : clock,
      ...(isSetBack ? { clock } : {}),
      actor,
      fence,
    };
    // What is hashed has to be what is read back: without `undefined`, dates as text.
    const entry = JSON.parse(canonicalJson(stamped)) as Entry;
    return { entry, root: this.#tree.with(entryLeaf(entry)) };
  }

  /** What was read, for others. */
  reading(isCut: boolean): Reading {
    const { entries, root, strays, change } = this;
    return { entries: [...entries], root, isCut, strays, ...(change ? { change } : {}) };
  }
}
