import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { nextNameLine, nextNamePair } from './name-lines.ts';
import { Op } from './opcodes.ts';
import { probe } from './probe.ts';

const WINDOW_BYTES = 1024 * 1024;
/** Overlap of two windows: a name line that begins in one ends in the next. */
const OVERLAP_BYTES = 512;
const PROBE_STEPS = 2000;
/** How far before a name line a text stream may begin (marks, arguments of INST). */
const LEAD_BYTES = 64;
const PROTO = 0x80;
const OPCODES: ReadonlySet<number> = new Set(Object.values(Op));

/**
 * Looks for the next pickle at or after `offset`, junk in between or not. At `offset` itself any stream counts when
 * `adjacent`; behind junk only one that imports something, so that raw numbers are not taken for one.
 */
export function findStream(
  source: ByteSource,
  offset: number,
  limit: number,
  budget: Budget,
  adjacent: boolean,
): { found: number | undefined; searchedAll: boolean } {
  if (adjacent) {
    const here = probe(source, offset, PROBE_STEPS);
    if (here.stopped || !here.broken || here.imports > 0) return { found: offset, searchedAll: true };
  }
  let scratch: Buffer | undefined;
  for (let base = offset; base - offset < limit; base += WINDOW_BYTES - OVERLAP_BYTES) {
    budget.checkTime();
    const read = source.read(base, WINDOW_BYTES);
    if (read.length === 0) return { found: undefined, searchedAll: true };
    // Why a copy: probes read from the source. Why into the same memory: a new MiB each time costs more than filling it.
    scratch ??= Buffer.allocUnsafeSlow(Math.min(WINDOW_BYTES, read.length));
    scratch.set(read);
    const bytes = scratch.subarray(0, read.length);
    const found = inWindow(windowed(source, base, bytes), base, bytes);
    if (found !== undefined) return { found, searchedAll: true };
    if (bytes.length < WINDOW_BYTES) return { found: undefined, searchedAll: true };
  }
  return { found: undefined, searchedAll: false };
}

/** The source, but what lies in the window comes from there: most probes look at a few bytes. */
function windowed(source: ByteSource, base: number, bytes: Buffer): ByteSource {
  const held = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    get size() {
      return source.size;
    },
    read(offset, length) {
      const start = offset - base;
      return start >= 0 && start + length <= held.length ? held.subarray(start, start + length) : source.read(offset, length);
    },
  };
}

function inWindow(source: ByteSource, base: number, bytes: Buffer): number | undefined {
  const candidates: number[] = [];
  for (let at = bytes.indexOf(PROTO); at >= 0; at = bytes.indexOf(PROTO, at + 1)) {
    if (mayBegin(bytes, at) && isStream(source, base + at)) {
      candidates.push(base + at);
      break;
    }
  }
  for (let line = nextNameLine(bytes, 0); line !== undefined; line = nextNameLine(bytes, line.end)) {
    const stream = textStreamAround(source, base, bytes, line.start);
    if (stream !== undefined) {
      candidates.push(stream);
      break;
    }
  }
  for (let pair = nextNamePair(bytes, 0); pair !== undefined; pair = nextNamePair(bytes, pair.end)) {
    if (isProgram(source, base + pair.start)) {
      candidates.push(base + pair.start);
      break;
    }
  }
  return candidates.length === 0 ? undefined : Math.min(...candidates);
}

/** A protocol that there is, and an opcode behind it. Why: in numbers this leaves a quarter to look at. */
function mayBegin(bytes: Buffer, at: number): boolean {
  const protocol = bytes[at + 1];
  const next = bytes[at + 2];
  return protocol !== undefined && protocol >= 2 && protocol <= 5 && (next === undefined || OPCODES.has(next));
}

/** A text stream begins at its first name line, or at the marks and arguments before it. */
function textStreamAround(source: ByteSource, base: number, bytes: Buffer, at: number): number | undefined {
  for (let start = Math.max(0, at - LEAD_BYTES); start <= at; start++) {
    if ((start === at || bytes[start] === 0x28) && isProgram(source, base + start)) return base + start;
  }
  return undefined;
}

/** True for a stream that calls something, or is so long that it may do so later. */
function isProgram(source: ByteSource, offset: number): boolean {
  const { calls, stopped, broken } = probe(source, offset, PROBE_STEPS);
  return calls > 0 || (!stopped && !broken);
}

function isStream(source: ByteSource, offset: number): boolean {
  const { imports, calls, stopped, broken } = probe(source, offset, PROBE_STEPS);
  // Why the last: a stream can be padded, so that it does nothing within the probe.
  return calls > 0 || (imports > 0 && stopped) || (!stopped && !broken);
}
