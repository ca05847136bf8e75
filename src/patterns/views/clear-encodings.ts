import { base32Edits } from './base32.ts';
import { base64Edits } from './base64.ts';
import { entityEdits } from './entities.ts';
import { escapeEdits } from './escapes.ts';
import { morseEdits } from './morse.ts';
import { natoEdits } from './nato.ts';
import { binaryEdits, decimalEdits, hexEdits } from './number-codes.ts';
import { percentEdits } from './percent.ts';
import { quotedPrintableEdits } from './quoted-printable.ts';
import { spacedEdits } from './spaced.ts';
import type { Edit } from './edit.ts';
import type { Survey } from './survey.ts';
import type { Span } from '../../core/text.ts';

/** A last short line of base64 and its padding stand behind what the survey saw. */
const TAIL = 96;

/** Everything that an encoding with signs of its own decodes, from all decoders that the survey calls for. */
export function clearEdits(text: string, found: Survey): Edit[] {
  const edits: Edit[] = [];
  for (const { start, end } of found.runs)
    append(edits, within(text, { start, end: tailEnd(text, end) }, base64Edits), within(text, { start, end: end + 8 }, base32Edits));
  for (const spot of found.numbers) append(edits, ...[hexEdits, binaryEdits, decimalEdits].map((decode) => within(text, spot, decode)));
  for (const spot of found.morse) append(edits, within(text, spot, morseEdits));
  for (const spot of found.singles) append(edits, within(text, spot, spacedEdits));
  if (found.percent > 0) append(edits, percentEdits(text));
  if (found.ampersand > 0) append(edits, entityEdits(text));
  if (found.backslash > 0 || found.codePoints > 2) append(edits, escapeEdits(text));
  if (found.equalsHex > 1) append(edits, quotedPrintableEdits(text));
  if (found.spelling > 0 && found.words >= 4) append(edits, natoEdits(text));
  return edits;
}

/** Edits of a part of the text, in offsets of the whole. */
export function within(text: string, spot: Span, decode: (part: string) => Edit[]): Edit[] {
  return decode(text.slice(spot.start, spot.end)).map((edit) => ({
    ...edit,
    start: edit.start + spot.start,
    end: edit.end + spot.start,
    ...(edit.starts && edit.ends ? { starts: moved(edit.starts, spot.start), ends: moved(edit.ends, spot.start) } : {}),
  }));
}

function moved(offsets: ArrayLike<number>, by: number): Int32Array {
  const result = new Int32Array(offsets.length);
  for (let at = 0; at < offsets.length; at++) result[at] = (offsets[at] ?? 0) + by;
  return result;
}

/** End of the lines that may belong to a stretch of base64. */
function tailEnd(text: string, end: number): number {
  const next = text.slice(end, end + TAIL);
  return end + (/^={0,2}(?:\r?\n[ \t>]*[A-Za-z0-9+/_-]*={0,2}["'`]?)?/.exec(next)?.[0].length ?? 0);
}

function append(edits: Edit[], ...more: readonly (readonly Edit[])[]): void {
  for (const list of more) for (const edit of list) edits.push(edit);
}
