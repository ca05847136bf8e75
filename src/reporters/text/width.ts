/** Blocks that terminals draw two columns wide: Hangul, CJK, kana, fullwidth forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{M}/u;
const ASCII = /^[ -~]*$/;

/** Columns a printable text takes on a terminal. */
export function columnsOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

/** The text cut to `width` columns, with an ellipsis where it was cut: at the end, or in the middle for paths. */
export function fit(text: string, width: number, cut: 'end' | 'middle' = 'end'): string {
  if (columnsOf(text) <= width) return text;
  if (width < 2) return width === 1 ? '…' : '';
  const tail = cut === 'middle' ? Math.floor((width - 1) / 2) : 0;
  const characters = [...text];
  return `${take(characters, width - 1 - tail)}…${[...take(characters.toReversed(), tail)].toReversed().join('')}`;
}

/** The text broken at spaces into lines of at most `width` columns; a longer word is broken where it must. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(1, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (columnsOf(joined) <= room) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (columnsOf(line) > room) {
      const characters = [...line];
      const part = take(characters, room) || (characters[0] ?? '');
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  return [...lines, line];
}

function take(characters: readonly string[], width: number): string {
  let columns = 0;
  let end = 0;
  while (end < characters.length) {
    columns += columnsOfCharacter(characters[end] ?? '');
    if (columns > width) break;
    end++;
  }
  return characters.slice(0, end).join('');
}

function columnsOfCharacter(character: string): number {
  if (COMBINING.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
