import { bytesEdit, sourcedBytes } from './bytes.ts';
import { mixesCase } from './survey.ts';
import type { Edit } from './edit.ts';

const MIN_RUN = 12;
/** A run of this length may go on in the next line. */
const MIN_LINE = 32;
const SEPARATORS = /[/_-]/;

const SIXTETS = new Int8Array(128).fill(-1);
for (let value = 0; value < 26; value++) {
  SIXTETS[0x41 + value] = value;
  SIXTETS[0x61 + value] = value + 26;
}
for (let digit = 0; digit < 10; digit++) SIXTETS[0x30 + digit] = digit + 52;
for (const char of '+-') SIXTETS[char.charCodeAt(0)] = 62;
for (const char of '/_') SIXTETS[char.charCodeAt(0)] = 63;

/** Base64 and base64url, also over several lines and without padding. */
export function base64Edits(text: string): Edit[] {
  const edits: Edit[] = [];
  let at = 0;
  while (at < text.length) {
    if (sixtet(text, at) < 0) {
      at++;
      continue;
    }
    let end = at;
    while (sixtet(text, end) >= 0) end++;
    if (end - at >= MIN_RUN && mixesCase(text, at, Math.min(end, at + 64))) {
      const positions = runPositions(text, at);
      edits.push(...runEdits(text, positions));
      end = (positions.at(-1) ?? at) + 1;
    }
    at = end;
  }
  return edits;
}

/** Positions of the characters of the run that starts at `from`, line breaks left out. */
function runPositions(text: string, from: number): number[] {
  const positions: number[] = [];
  let at = from;
  for (;;) {
    const lineStart = at;
    while (sixtet(text, at) >= 0) positions.push(at++);
    if (at - lineStart < MIN_LINE) return positions;
    const next = nextLine(text, at);
    if (next < 0) return positions;
    at = next;
  }
}

/** Start of the base64 that goes on in the next line, -1 where it does not: that line must hold nothing else. */
function nextLine(text: string, from: number): number {
  let at = from;
  if (text[at] === '\r') at++;
  if (text[at] !== '\n') return -1;
  at++;
  for (let quoted = 0; quoted < 16 && (text[at] === ' ' || text[at] === '\t' || text[at] === '>'); quoted++) at++;
  let end = at;
  while (sixtet(text, end) >= 0) end++;
  if (end === at) return -1;
  const after = text[end];
  return after === undefined || after === '\n' || after === '\r' || after === '=' || after === '"' || after === "'" || after === '`'
    ? at
    : -1;
}

function runEdits(text: string, positions: readonly number[]): Edit[] {
  const whole = decode(text, positions);
  if (whole) return [whole];
  // A path or a name may stand before it.
  const edits: Edit[] = [];
  let piece: number[] = [];
  for (const position of [...positions, text.length]) {
    if (position < text.length && !SEPARATORS.test(text.charAt(position))) {
      piece.push(position);
      continue;
    }
    if (piece.length >= MIN_RUN && piece.length < positions.length) {
      const edit = decode(text, piece);
      if (edit) edits.push(edit);
    }
    piece = [];
  }
  return edits;
}

function decode(text: string, positions: readonly number[]): Edit | undefined {
  // Most runs are words or identifiers: their first bytes tell.
  if (positions.length > 96 && !decodeRange(text, positions.slice(0, 64))) return undefined;
  return decodeRange(text, positions);
}

function decodeRange(text: string, positions: readonly number[]): Edit | undefined {
  const out = sourcedBytes(Math.ceil((positions.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let since = 0;
  for (let at = 0; at < positions.length; at++) {
    if (held === 0) since = positions[at] ?? 0;
    bits = ((bits << 6) | sixtet(text, positions[at] ?? 0)) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out.bytes[out.count] = (bits >> held) & 0xff;
    out.starts[out.count] = since;
    out.ends[out.count] = (positions[at] ?? 0) + 1;
    out.count++;
    since = positions[at] ?? 0;
  }
  const start = positions[0] ?? 0;
  let end = (positions.at(-1) ?? start) + 1;
  for (let pads = 0; pads < 2 && text[end] === '='; pads++) end++;
  return bytesEdit(start, end, out, 'base64');
}

function sixtet(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < 128 ? (SIXTETS[unit] ?? -1) : -1;
}
