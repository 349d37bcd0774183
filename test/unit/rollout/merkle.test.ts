import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from "../../../src/rollout/journal/merkle.js";

// The vectors of Google's Certificate Transparency implementations (merkle_tree_test).
const inputs = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const leaves = inputs.map((input) => leafHash(Buffer.from(input, "hex")));

describe("published vectors", () => {
  test("roots of one to eight leaves, and of none", () => {
    expect(inputs.map((_, index) => rootOf(leaves.slice(0, index + 1)))).toEqual(roots);
    expect(rootOf([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  test("inclusion of the first of eight leaves, of the sixth, of the third of three, of the second of five", () => {
    expect(inclusionProof(0, leaves)).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect(inclusionProof(5, leaves)).toEqual([
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect(inclusionProof(2, leaves.slice(0, 3))).toEqual([
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    ]);
    expect(inclusionProof(1, leaves.slice(0, 5))).toEqual([
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]);
  });

  test("consistency of one and six leaves with eight, and of two with five", () => {
    expect(consistencyProof(1, leaves)).toEqual(inclusionProof(0, leaves));
    expect(consistencyProof(6, leaves)).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect(consistencyProof(2, leaves.slice(0, 5))).toEqual([
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]);
  });
});

const trees = fc
  .integer({ min: 1, max: 70 })
  .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));
const some = Array.from({ length: 70 }, (_, index) => leafHash(`entry ${index}`));

test("every leaf is proved, and no other one in its place", () => {
  fc.assert(
    fc.property(trees, ([size, index]) => {
      const tree = some.slice(0, size);
      const proof = inclusionProof(index, tree);
      const claim = { index, size, leaf: tree[index]!, root: rootOf(tree) };
      expect(verifyInclusion(claim, proof)).toBe(true);
      expect(verifyInclusion({ ...claim, leaf: leafHash("another") }, proof)).toBe(false);
      expect(verifyInclusion({ ...claim, index: size }, proof)).toBe(false);
      expect(verifyInclusion(claim, [...proof, emptyRoot])).toBe(false);
    }),
  );
});

test("a tree that was only added to is consistent, one with a changed leaf is not", () => {
  fc.assert(
    fc.property(trees, ([size, index]) => {
      const tree = some.slice(0, size);
      const earlier = { size: index, root: rootOf(tree.slice(0, index)) };
      const later = { size, root: rootOf(tree) };
      expect(verifyConsistency(earlier, later, consistencyProof(index, tree))).toBe(true);
      if (index === 0) return;
      const changed = [leafHash("changed"), ...tree.slice(1)];
      const forged = { size, root: rootOf(changed) };
      expect(verifyConsistency(earlier, forged, consistencyProof(index, changed))).toBe(false);
    }),
  );
});
