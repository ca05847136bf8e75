import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CompactRange } from './compact-range.ts';
import { EMPTY_ROOT, leafHash, nodeHash } from './hash.ts';
import { consistencyRanges, inclusionRanges } from './proofs.ts';
import { completedBy, type EntryRange, foldSubtrees, subtreesOf } from './subtrees.ts';
import { verifyConsistency, verifyInclusion } from './verify-proof.ts';

/** RFC 6962 as it is written: recursive, over all entries. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

function naivePath(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length <= 1) return [];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return m < k
    ? [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
}

function naiveSubproof(m: number, leaves: readonly Buffer[], whole: boolean): Buffer[] {
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return m <= k
    ? [...naiveSubproof(m, leaves.slice(0, k), whole), naiveRoot(leaves.slice(k))]
    : [...naiveSubproof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
}

const LEAVES = Array.from({ length: 300 }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
const hashes = (ranges: readonly EntryRange[]): Buffer[] => ranges.map((range) => naiveRoot(LEAVES.slice(range.start, range.end)));

test('vectors of RFC 6962 implementations', () => {
  expect(EMPTY_ROOT.toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  expect(nodeHash(Buffer.from('N123'), Buffer.from('N456')).toString('hex')).toBe(
    'aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb',
  );
});

test('the right edge knows every root and every completed subtree', () => {
  const range = new CompactRange();
  for (let size = 0; size <= LEAVES.length; size++) {
    expect(range.root()).toEqual(naiveRoot(LEAVES.slice(0, size)));
    expect(
      foldSubtrees(
        hashes(
          subtreesOf({ start: 0, end: size }).map(({ level, position }) => ({
            start: position * 2 ** level,
            end: (position + 1) * 2 ** level,
          })),
        ),
      ),
    ).toEqual(range.root());
    if (size === LEAVES.length) break;
    let seen = 0;
    range.append(LEAVES[size]!, (level, position, hash) => {
      seen++;
      expect(hash).toEqual(naiveRoot(LEAVES.slice(position * 2 ** level, (position + 1) * 2 ** level)));
    });
    expect(seen).toBe(completedBy(size));
  }
});

test('proofs are those of RFC 6962 and verify', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(), (size, pick) => {
      const leaves = LEAVES.slice(0, size);
      const root = naiveRoot(leaves);
      const position = pick % size;
      const inclusion = hashes(inclusionRanges(position, size));
      expect(inclusion).toEqual(naivePath(position, leaves));
      expect(verifyInclusion({ leaf: leaves[position]!, position, size, root }, inclusion)).toBe(true);
      const first = position + 1;
      const consistency = hashes(consistencyRanges(first, size));
      expect(consistency).toEqual(naiveSubproof(first, leaves, true));
      expect(verifyConsistency({ size: first, root: naiveRoot(leaves.slice(0, first)) }, { size, root }, consistency)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('changed proofs, positions and roots are refused', () => {
  const change = (hash: Buffer, bit: number): Buffer => {
    const copy = Buffer.from(hash);
    copy[(bit >> 3) % 32]! ^= 1 << (bit & 7);
    return copy;
  };
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat({ max: 255 }), fc.nat(), (size, pick, bit, which) => {
      const leaves = LEAVES.slice(0, size);
      const claim = { leaf: leaves[pick % size]!, position: pick % size, size, root: naiveRoot(leaves) };
      const proof = hashes(inclusionRanges(claim.position, size));
      const at = which % proof.length;
      expect(verifyInclusion(claim, proof.with(at, change(proof[at]!, bit)))).toBe(false);
      expect(verifyInclusion(claim, proof.slice(1))).toBe(false);
      expect(verifyInclusion(claim, [...proof, proof[at]!])).toBe(false);
      expect(verifyInclusion({ ...claim, position: (claim.position + 1) % size }, proof)).toBe(false);
      expect(verifyInclusion({ ...claim, root: change(claim.root, bit) }, proof)).toBe(false);
      const first = (pick % (size - 1)) + 1;
      const older = { size: first, root: naiveRoot(leaves.slice(0, first)) };
      const newer = { size, root: claim.root };
      const consistency = hashes(consistencyRanges(first, size));
      const there = which % consistency.length;
      expect(verifyConsistency(older, newer, consistency.with(there, change(consistency[there]!, bit)))).toBe(false);
      expect(verifyConsistency(older, newer, consistency.slice(1))).toBe(false);
      expect(verifyConsistency({ ...older, root: change(older.root, bit) }, newer, consistency)).toBe(false);
      expect(verifyConsistency(older, { ...newer, root: change(newer.root, bit) }, consistency)).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('positions beyond 32 bits', () => {
  const size = 2 ** 40 + 3;
  expect(subtreesOf({ start: 0, end: size })).toEqual([
    { level: 40, position: 0 },
    { level: 1, position: 2 ** 39 },
    { level: 0, position: 2 ** 40 + 2 },
  ]);
  expect(inclusionRanges(2 ** 40 + 1, size)[0]).toEqual({ start: 2 ** 40, end: 2 ** 40 + 1 });
  expect(() => inclusionRanges(5, 5)).toThrow('not in a log of 5');
  expect(() => consistencyRanges(0, 5)).toThrow('no proof');
});
