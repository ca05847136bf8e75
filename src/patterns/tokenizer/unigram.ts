import { malformed } from '../../core/errors.ts';
import type { TokenModel } from './tokenizer.ts';

/** What a Unigram model is made of. */
export interface UnigramOptions {
  /** Entries with their log probabilities; the place of an entry is its id. */
  readonly vocabulary: readonly (readonly [string, number])[];
  readonly unknown: number | undefined;
  /** Whether what is unknown is written as tokens of its bytes. */
  readonly byteFallback: boolean;
}

/** How much worse than the worst entry an unknown letter is: that of SentencePiece. */
const UNKNOWN_PENALTY = 10;

/** The most probable segmentation (Viterbi), as SentencePiece does it. Neighbouring unknown letters are one token. */
export function unigram({ vocabulary, unknown, byteFallback }: UnigramOptions): TokenModel {
  const ids = new Map<string, number>();
  let lowest = Number.POSITIVE_INFINITY;
  let longest = 1;
  for (const [id, [word, score]] of vocabulary.entries()) {
    if (!Number.isFinite(score)) throw malformed('an entry of the vocabulary has no score');
    ids.set(word, id);
    lowest = Math.min(lowest, score);
    longest = Math.max(longest, word.length);
  }
  const unknownScore = lowest - UNKNOWN_PENALTY;
  const bytes = byteFallback ? byteTokens(ids) : undefined;
  return (piece, out) => {
    const path = bestPath(piece, ids, vocabulary, longest, unknownScore);
    let unknownFrom = -1;
    const flush = (to: number): void => {
      if (unknownFrom >= 0) pushUnknown(piece.slice(unknownFrom, to), bytes, unknown, out);
      unknownFrom = -1;
    };
    for (const { start, id } of path) {
      if (id >= 0) {
        flush(start);
        out.push(id);
      } else if (unknownFrom < 0) unknownFrom = start;
    }
    flush(piece.length);
  };
}

interface Step {
  readonly start: number;
  /** -1: unknown. */
  readonly id: number;
}

function bestPath(
  piece: string,
  ids: ReadonlyMap<string, number>,
  vocabulary: readonly (readonly [string, number])[],
  longest: number,
  unknownScore: number,
): readonly Step[] {
  const length = piece.length;
  const best = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
  const from = new Int32Array(length + 1).fill(-1);
  const token = new Int32Array(length + 1).fill(-1);
  best[0] = 0;
  for (let start = 0; start < length;) {
    const letter = piece.codePointAt(start)! > 0xffff ? 2 : 1;
    const until = Math.min(length, start + longest);
    let single = false;
    for (let end = start + letter; end <= until; end++) {
      const id = ids.get(piece.slice(start, end));
      if (id === undefined) continue;
      single ||= end === start + letter;
      reach(start, end, id, vocabulary[id]![1]);
    }
    if (!single) reach(start, start + letter, -1, unknownScore);
    start += letter;
  }
  const path: Step[] = [];
  for (let end = length; end > 0; end = from[end]!) path.push({ start: from[end]!, id: token[end]! });
  return path.toReversed();

  function reach(start: number, end: number, id: number, score: number): void {
    const value = best[start]! + score;
    if (from[end] !== -1 && value <= best[end]!) return;
    best[end] = value;
    from[end] = start;
    token[end] = id;
  }
}

function pushUnknown(text: string, bytes: readonly number[] | undefined, unknown: number | undefined, out: number[]): void {
  if (bytes !== undefined) for (const byte of Buffer.from(text, 'utf8')) out.push(bytes[byte]!);
  else if (unknown === undefined) throw malformed('the vocabulary has no token for what is unknown');
  else out.push(unknown);
}

/** The tokens `<0x00>` to `<0xFF>`. Absent where one is missing. */
export function byteTokens(ids: ReadonlyMap<string, number>): readonly number[] | undefined {
  const tokens: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    const id = ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
    if (id === undefined) return undefined;
    tokens.push(id);
  }
  return tokens;
}
