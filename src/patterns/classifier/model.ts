import { CordonError } from '../../core/errors.ts';

/** Bits of a bucket number: 2^18 buckets for character n-grams and as many for word n-grams, in each head. */
export const BITS = 18;
export const BUCKETS = 1 << BITS;

const MAGIC = 'CRDNLIN1';
const PREFIX = 12;

/** Weights of one head, one byte a bucket, and what the bytes stand for. */
export interface Head {
  readonly chars: Uint8Array;
  readonly words: Uint8Array;
  /** What a unit of the squares of `SumTable` is worth. */
  readonly charStep: number;
  readonly wordStep: number;
  readonly bias: number;
  /** Platt scaling: probability = 1 / (1 + exp(-(slope * score + offset))). */
  readonly slope: number;
  readonly offset: number;
  /** The published threshold: 1 % of natural benign texts of sources left out of training lie above it. */
  readonly threshold: number;
}

/** The trained model: a head for what the user writes and one for data that the model only reads. */
export interface Model {
  readonly heads: { readonly user: Head; readonly document: Head };
  /** Name for evidence and reports: sha256 over the weights, written by training. */
  readonly digest: string;
}

interface Header {
  readonly digest: string;
  readonly heads: Readonly<
    Record<'user' | 'document', { charScale: number; wordScale: number; bias: number; slope: number; offset: number; threshold: number }>
  >;
}

/** Reads the weights file that training writes: magic, length of the JSON header, header, then the bytes of both heads. */
export function readModel(bytes: Uint8Array): Model {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const latin = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  const length = bytes.length >= PREFIX && latin(0, MAGIC.length) === MAGIC ? view.getUint32(MAGIC.length, true) : -1;
  if (length < 0 || bytes.length !== PREFIX + length + 4 * BUCKETS) {
    throw new CordonError('internal.bug', 'The weights of the injection classifier are damaged.');
  }
  const header = JSON.parse(latin(PREFIX, PREFIX + length)) as Header;
  const part = (number: number): Uint8Array => bytes.subarray(PREFIX + length + number * BUCKETS, PREFIX + length + (number + 1) * BUCKETS);
  const head = (name: 'user' | 'document', first: number): Head => {
    const { charScale, wordScale, ...rest } = header.heads[name];
    return { chars: part(first), words: part(first + 1), charStep: charScale / 127 ** 2, wordStep: wordScale / 127 ** 2, ...rest };
  };
  return { digest: header.digest, heads: { user: head('user', 0), document: head('document', 2) } };
}
