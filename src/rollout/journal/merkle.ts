import { createHash } from "node:crypto";

/*
 * Merkle trees as RFC 6962, section 2.1, defines them (RFC 9162 keeps them): SHA-256, leaves prefixed by 0x00,
 * inner nodes by 0x01. All hashes are hexadecimal.
 */

/** Hash of an entry's bytes. */
export function leafHash(data: string | Uint8Array): string {
  return createHash("sha256").update(Uint8Array.of(0)).update(data).digest("hex");
}

function nodeHash(left: string, right: string): string {
  return createHash("sha256")
    .update(Uint8Array.of(1))
    .update(Buffer.from(left, "hex"))
    .update(Buffer.from(right, "hex"))
    .digest("hex");
}

/** Root of the tree without leaves. */
export const emptyRoot = createHash("sha256").digest("hex");

/** A tree that grows: it keeps a hash for each bit of its size, not its leaves. */
export class GrowingTree {
  #peaks: readonly Peak[] = [];

  /** Adds a leaf's hash; returns the new root. */
  add(leaf: string): string {
    this.#peaks = withLeaf(this.#peaks, leaf);
    return this.root;
  }

  /** The root that this leaf would lead to. */
  with(leaf: string): string {
    return joined(withLeaf(this.#peaks, leaf));
  }

  get root(): string {
    return joined(this.#peaks);
  }
}

/** Root of a full subtree; a tree keeps them with the largest first. */
interface Peak {
  readonly hash: string;
  readonly size: number;
}

function withLeaf(peaks: readonly Peak[], leaf: string): readonly Peak[] {
  const kept = [...peaks];
  let peak: Peak = { hash: leaf, size: 1 };
  while (kept.at(-1)?.size === peak.size)
    peak = { hash: nodeHash(kept.pop()!.hash, peak.hash), size: peak.size * 2 };
  return [...kept, peak];
}

function joined(peaks: readonly Peak[]): string {
  const hashes = peaks.map(({ hash }) => hash);
  return hashes.length === 0 ? emptyRoot : hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** Root of the tree over these leaf hashes. */
export function rootOf(leaves: readonly string[]): string {
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root;
}

/** The largest power of two below a size of at least 2. */
function splitOf(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}

/** PATH of RFC 6962, 2.1.1: what shows that a leaf is in the tree. @param index from 0 */
export function inclusionProof(index: number, leaves: readonly string[]): string[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionProof(index, left), rootOf(right)]
    : [...inclusionProof(index - split, right), rootOf(left)];
}

/** PROOF of RFC 6962, 2.1.2: what shows that the tree of the first `size` leaves was only added to. */
export function consistencyProof(size: number, leaves: readonly string[]): string[] {
  return size === 0 ? [] : subproof(size, leaves, true);
}

function subproof(size: number, leaves: readonly string[], isWhole: boolean): string[] {
  if (size === leaves.length) return isWhole ? [] : [rootOf(leaves)];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return size <= split
    ? [...subproof(size, left, isWhole), rootOf(right)]
    : [...subproof(size - split, right, false), rootOf(left)];
}

/** RFC 9162, 2.1.3.2. @param index from 0 */
export function verifyInclusion(
  { index, size, leaf, root }: { index: number; size: number; leaf: string; root: string },
  proof: readonly string[],
): boolean {
  if (index < 0 || index >= size) return false;
  let [place, last, hash] = [index, size - 1, leaf];
  for (const other of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(other, hash);
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else hash = nodeHash(hash, other);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && hash === root;
}

/** RFC 9162, 2.1.4.2: whether the tree of the later root begins with that of the earlier. */
export function verifyConsistency(
  earlier: { readonly size: number; readonly root: string },
  later: { readonly size: number; readonly root: string },
  proof: readonly string[],
): boolean {
  if (earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && earlier.root === later.root;
  if (earlier.size === 0) return proof.length === 0 && earlier.root === emptyRoot;
  const path = Number.isInteger(Math.log2(earlier.size)) ? [earlier.root, ...proof] : [...proof];
  const [first, ...rest] = path;
  if (first === undefined) return false;
  let [place, last] = [earlier.size - 1, later.size - 1];
  while (place % 2 === 1) [place, last] = [half(place), half(last)];
  let [before, after] = [first, first];
  for (const other of rest) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      [before, after] = [nodeHash(other, before), nodeHash(other, after)];
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else after = nodeHash(after, other);
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && before === earlier.root && after === later.root;
}

function half(number: number): number {
  return Math.floor(number / 2);
}
