import { malformed } from '../../core/errors.ts';

/** Decoding table of a finite state entropy code: for each state a symbol, and how to get to the next state. */
export interface FseTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly base: Uint16Array;
}

/** A table read from a block, and the offset behind it. */
export interface ReadFse {
  readonly table: FseTable;
  readonly end: number;
}

/** Builds the table from the share of each symbol; -1 means "less than one". The shares add up to 2^log. */
export function fseTable(shares: ArrayLike<number>, log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(shares.length);
  let high = size;
  for (let symbol = 0; symbol < shares.length; symbol++) {
    const share = shares[symbol] as number;
    if (share === -1) symbols[--high] = symbol;
    next[symbol] = Math.abs(share);
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (let symbol = 0; symbol < shares.length; symbol++) {
    for (let i = 0; i < (shares[symbol] as number); i++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  }
  const bits = new Uint8Array(size);
  const base = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state] as number;
    const count = next[symbol] as number;
    next[symbol] = count + 1;
    const width = log - (31 - Math.clz32(count));
    bits[state] = width;
    base[state] = (count << width) - size;
  }
  return { log, symbols, bits, base };
}

/** A table with one state: every symbol is `symbol`. */
export function constantTable(symbol: number): FseTable {
  return { log: 0, symbols: Uint8Array.of(symbol), bits: Uint8Array.of(0), base: Uint16Array.of(0) };
}

/** Reads the shares as they are stored in a block, for symbols up to `maxSymbol`. */
export function readFse(bytes: Uint8Array, start: number, end: number, maxLog: number, maxSymbol: number): ReadFse {
  let at = start * 8;
  const peek = (count: number): number => {
    const index = at >> 3;
    const word = (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8) | ((bytes[index + 2] ?? 0) << 16);
    return (word >>> (at & 7)) & ((1 << count) - 1);
  };
  const log = peek(4) + 5;
  at += 4;
  if (log > maxLog) throw malformed('Zstandard FSE accuracy', start);
  const shares: number[] = [];
  let left = (1 << log) + 1;
  while (left > 1 && shares.length <= maxSymbol && at <= end * 8) {
    // Values below `short` take one bit less.
    const width = 32 - Math.clz32(left);
    const short = (1 << width) - 1 - left;
    let value = peek(width - 1);
    if (value < short) at += width - 1;
    else {
      value = peek(width);
      at += width;
      if (value >= 1 << (width - 1)) value -= short;
    }
    const share = value - 1;
    left -= Math.abs(share);
    shares.push(share);
    if (share === 0) at = readRepeats(shares, peek, () => (at += 2), maxSymbol) ?? at;
  }
  if (left !== 1 || at > end * 8 || shares.length > maxSymbol + 1) throw malformed('Zstandard FSE table', start);
  return { table: fseTable(shares, log), end: (at + 7) >> 3 };
}

/** Two bits at a time say how many more symbols have no share; three means that more follow. */
function readRepeats(shares: number[], peek: (count: number) => number, advance: () => number, maxSymbol: number): number {
  for (;;) {
    const repeats = peek(2);
    const at = advance();
    for (let i = 0; i < repeats; i++) shares.push(0);
    if (repeats < 3 || shares.length > maxSymbol) return at;
  }
}
