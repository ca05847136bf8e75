import { CLASS, SPACE } from './code-units.ts';

// Code units of a block: it ends at the first sentence or line end after MIN, at the first space after SOFT, and in any case at HARD.
const MIN = 140;
const SOFT = 200;
/** Most code units of a block. */
export const HARD = 300;

/** Line feed and the ends of sentences: Latin, Chinese and Japanese, Arabic and Urdu, Devanagari. */
const ENDS: readonly number[] = [0x0a, 0x21, 0x2e, 0x3f, 0x3002, 0xff01, 0xff1f, 0x06d4, 0x061f, 0x0964];

/** From which length on a code unit ends a block. */
const ENDS_FROM: Uint16Array = Uint16Array.from(CLASS, (kind) => (kind === SPACE ? SOFT : HARD));
for (const unit of ENDS) ENDS_FROM[unit] = MIN;

/** End (exclusive) of the block that begins at `start`. Two neighbouring blocks make a window of about 400 code units. */
export function endOfBlock(text: string, start: number): number {
  const hard = Math.min(start + HARD, text.length);
  for (let end = start + MIN; end <= hard; end++) if (end - start >= ENDS_FROM[text.charCodeAt(end - 1)]!) return end;
  return hard;
}
