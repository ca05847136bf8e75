import type { Random } from './random.ts';
import { DICTIONARY } from './dictionary.ts';

/** Ways to damage a file. */
export const MUTATIONS = ['flip', 'byte', 'cut', 'delete', 'insert', 'overwrite', 'zero', 'ones', 'duplicate', 'splice', 'repeat'] as const;

/** One damage, as plain data, so that a property test can shrink it. Fractions are of the length of the file. */
export interface Mutation {
  readonly kind: (typeof MUTATIONS)[number];
  /** Where, 0 to 1. */
  readonly at: number;
  /** How much, 0 to 1. */
  readonly extent: number;
  /** Which bit, byte or word of the dictionary. */
  readonly choice: number;
}

/** Why: damage must not make inputs grow without end over many rounds. */
const MAX_BYTES = 256 * 1024;
const SHORT = 64;

/** The damaged file. `other` is a second file for splices. */
export function mutate(bytes: Uint8Array, { kind, at, extent, choice }: Mutation, other: Uint8Array): Uint8Array {
  const start = Math.min(bytes.length, Math.floor(at * (bytes.length + 1)));
  // Mostly small: large damage is found by the first check that a parser makes.
  const length = Math.max(1, Math.floor(extent ** 4 * (bytes.length - start)));
  const end = Math.min(bytes.length, start + length);
  const word = DICTIONARY[choice % DICTIONARY.length] as Uint8Array;
  const before = bytes.subarray(0, start);
  const after = bytes.subarray(end);
  switch (kind) {
    case 'flip':
      return changed(bytes, start, (byte) => byte ^ (1 << (choice & 7)));
    case 'byte':
      return changed(bytes, start, () => choice & 0xff);
    case 'cut':
      return before.slice();
    case 'delete':
      return joined(before, after);
    case 'insert':
      return joined(before, word, bytes.subarray(start));
    case 'overwrite':
      return joined(before, word, bytes.subarray(Math.min(bytes.length, start + word.length)));
    case 'zero':
      return joined(before, new Uint8Array(end - start), after);
    case 'ones':
      return joined(before, new Uint8Array(Math.min(SHORT, end - start)).fill(0xff), bytes.subarray(Math.min(end, start + SHORT)));
    case 'duplicate':
      return joined(bytes.subarray(0, end), bytes.subarray(start));
    case 'splice':
      return joined(before, other.subarray(Math.min(other.length, Math.floor(extent * (other.length + 1)))));
    case 'repeat':
      return joined(before, ...Array.from({ length: 2 + (choice % 62) }, () => bytes.subarray(start, Math.min(end, start + 4_096))), after);
  }
}

/** A random damage. */
export function randomMutation(random: Random): Mutation {
  return { kind: random.pick(MUTATIONS), at: random.next(), extent: random.next(), choice: random.below(2 ** 16) };
}

function changed(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = bytes.slice();
  const byte = copy[at];
  if (byte !== undefined) copy[at] = change(byte);
  return copy;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(
    Math.min(
      MAX_BYTES,
      parts.reduce((sum, part) => sum + part.length, 0),
    ),
  );
  let filled = 0;
  for (const part of parts) {
    const fitting = part.subarray(0, whole.length - filled);
    whole.set(fitting, filled);
    filled += fitting.length;
  }
  return whole;
}
