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

const NATO_HINT = /\b(?:foxtrot|quebec|sierra|tango|whisk(?:e)?y|yankee|zulu|juliett?|november|oscar|romeo|charlie|echo|india)\b/i;

/** Everything that an encoding with signs of its own decodes, from all decoders that the survey calls for. */
export function clearEdits(text: string, found: Survey): Edit[] {
  const edits: Edit[] = [];
  if (found.longRun) append(edits, base64Edits(text), base32Edits(text));
  if (found.hexRun || found.numbers) append(edits, hexEdits(text), binaryEdits(text));
  if (found.numbers) append(edits, decimalEdits(text));
  if (found.percent > 0) append(edits, percentEdits(text));
  if (found.ampersand > 0) append(edits, entityEdits(text));
  if (found.backslash > 0 || found.codePoints > 2) append(edits, escapeEdits(text));
  if (found.equalsHex > 1) append(edits, quotedPrintableEdits(text));
  if (found.morse) append(edits, morseEdits(text));
  if (found.singles) append(edits, spacedEdits(text));
  if (found.words >= 4 && found.words < 5_000 && NATO_HINT.test(text)) append(edits, natoEdits(text));
  return edits;
}

function append(edits: Edit[], ...more: readonly (readonly Edit[])[]): void {
  for (const list of more) for (const edit of list) edits.push(edit);
}
