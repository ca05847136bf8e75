import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { probe } from './probe.ts';

const WINDOW_BYTES = 1024 * 1024;
/** Overlap of two windows: a name line that begins in one ends in the next. */
const OVERLAP_BYTES = 512;
const PROBE_STEPS = 2000;
/** How far before a name line a text stream may begin (marks, arguments of INST). */
const LEAD_BYTES = 64;
const NAME_LINE = /[ci][A-Za-z_][\w.]{0,120}\n[A-Za-z_][\w.]{0,120}\n/g;
/** Two names and `STACK_GLOBAL`, memoized or not: where a stream without `PROTO` imports something. */
const NAMES = /\x8c[^][\w.]{1,120}(?:\x94|q[^])?\x8c[^][\w.]{1,120}(?:\x94|q[^])?\x93/g;
const PROTO = 0x80;

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
  for (let base = offset; base - offset < limit; base += WINDOW_BYTES - OVERLAP_BYTES) {
    budget.checkTime();
    const bytes = Buffer.from(source.read(base, WINDOW_BYTES));
    if (bytes.length === 0) return { found: undefined, searchedAll: true };
    const found = inWindow(source, base, bytes);
    if (found !== undefined) return { found, searchedAll: true };
    if (bytes.length < WINDOW_BYTES) return { found: undefined, searchedAll: true };
  }
  return { found: undefined, searchedAll: false };
}

function inWindow(source: ByteSource, base: number, bytes: Buffer): number | undefined {
  const candidates: number[] = [];
  for (let at = bytes.indexOf(PROTO); at >= 0; at = bytes.indexOf(PROTO, at + 1)) {
    const protocol = bytes[at + 1];
    if (protocol !== undefined && protocol >= 2 && protocol <= 5 && isStream(source, base + at)) candidates.push(base + at);
    if (candidates.length > 0) break;
  }
  // Why a quick test first: decoding a window of numbers as text costs more than searching it for a newline between letters.
  const text = bytes.toString('latin1');
  for (const match of text.matchAll(NAME_LINE)) {
    const start = textStreamAround(source, base, bytes, match.index);
    if (start !== undefined) {
      candidates.push(start);
      break;
    }
  }
  for (const match of text.matchAll(NAMES)) {
    if (isProgram(source, base + match.index)) {
      candidates.push(base + match.index);
      break;
    }
  }
  return candidates.length === 0 ? undefined : Math.min(...candidates);
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
