import { malformed } from '../../core/errors.ts';
import { BackwardBits } from './bits.ts';
import type { SequenceTables } from './sequences.ts';
import type { History } from './history.ts';

/** Smallest value and number of extra bits for each literal length code from 16 on (RFC 8878, table 16). */
const LITERAL_BASE = [16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];
const LITERAL_BITS = [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
/** The same for match length codes from 32 on (table 17). */
const MATCH_BASE = [35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539];
const MATCH_BITS = [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

/** The last three offsets, newest first: codes refer to them. */
export type Offsets = [number, number, number];

/** Puts literals and matches together as the sequences in a bit stream say; at most `maxBlock` bytes come out. */
export function executeSequences(
  block: Uint8Array,
  start: number,
  end: number,
  count: number,
  tables: SequenceTables,
  literals: Uint8Array,
  recent: Offsets,
  history: History,
  maxBlock: number,
): void {
  const { literals: ll, offsets: of, matches: ml } = tables;
  const stream = new BackwardBits(block, start, end);
  let literalState = stream.read(ll.log);
  let offsetState = stream.read(of.log);
  let matchState = stream.read(ml.log);
  let used = 0;
  let produced = 0;
  for (let i = 0; i < count; i++) {
    const literalCode = ll.symbols[literalState] as number;
    const offsetCode = of.symbols[offsetState] as number;
    const matchCode = ml.symbols[matchState] as number;
    const value = 2 ** offsetCode + stream.readLong(offsetCode);
    const match =
      matchCode < 32 ? matchCode + 3 : (MATCH_BASE[matchCode - 32] as number) + stream.read(MATCH_BITS[matchCode - 32] as number);
    const plain =
      literalCode < 16 ? literalCode : (LITERAL_BASE[literalCode - 16] as number) + stream.read(LITERAL_BITS[literalCode - 16] as number);
    if (i < count - 1) {
      literalState = (ll.base[literalState] as number) + stream.read(ll.bits[literalState] as number);
      matchState = (ml.base[matchState] as number) + stream.read(ml.bits[matchState] as number);
      offsetState = (of.base[offsetState] as number) + stream.read(of.bits[offsetState] as number);
    }
    produced += plain + match;
    if (stream.left < 0 || plain > literals.length - used || produced > maxBlock) throw malformed('Zstandard sequence');
    const offset = resolveOffset(value, plain, recent);
    history.append(literals, used, used + plain);
    used += plain;
    history.repeat(offset, match);
  }
  if (stream.left !== 0 || produced + literals.length - used > maxBlock) throw malformed('Zstandard sequences do not end where they say');
  history.append(literals, used, literals.length);
}

/** Values up to three name one of the recent offsets; without literals in between, each means the next one. */
function resolveOffset(value: number, plain: number, recent: Offsets): number {
  const [first, second, third] = recent;
  if (value > 3) {
    recent[2] = second;
    recent[1] = first;
    recent[0] = value - 3;
    return value - 3;
  }
  const index = plain === 0 ? value : value - 1;
  if (index === 0) return first;
  const offset = index === 1 ? second : index === 2 ? third : first - 1;
  if (index > 1) recent[2] = second;
  recent[1] = first;
  recent[0] = offset;
  return offset;
}
