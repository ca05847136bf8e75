import type { Edit } from './edit.ts';

const ALPHABET = [
  'alfa alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel', 'india', 'juliett juliet', 'kilo', 'lima', 'mike',
  'november', 'oscar', 'papa', 'quebec', 'romeo', 'sierra', 'tango', 'uniform', 'victor', 'whiskey whisky', 'xray x-ray', 'yankee', 'zulu',
]; // prettier-ignore
const LETTERS = new Map(
  ALPHABET.flatMap((names, index) => names.split(' ').map((name): [string, string] => [name, String.fromCharCode(0x61 + index)])),
);
const WORD = /x-ray|[a-z]+/gi;
const MIN_LETTERS = 4;

/** The spelling alphabet of radio: at least four letters in a row; anything but one space, comma or dash ends a word. */
export function natoEdits(text: string): Edit[] {
  const edits: Edit[] = [];
  let run: { out: string; starts: number[]; ends: number[] } = { out: '', starts: [], ends: [] };
  function close(): void {
    const [start] = run.starts;
    const end = run.ends.at(-1);
    if (start !== undefined && end !== undefined && run.starts.length >= MIN_LETTERS)
      edits.push({ start, end, text: run.out, by: 'nato', starts: run.starts, ends: run.ends });
    run = { out: '', starts: [], ends: [] };
  }
  for (const match of text.matchAll(WORD)) {
    const letter = LETTERS.get(match[0].toLowerCase());
    const last = run.ends.at(-1);
    if (letter === undefined) {
      if (last !== undefined) close();
      continue;
    }
    if (last !== undefined) {
      const gap = text.slice(last, Math.min(match.index, last + 8));
      if (match.index - last > 5) close();
      else if (!/^[ ,-]{1,2}$/.test(gap) || gap === '  ') {
        run.out += ' ';
        run.starts.push(last);
        run.ends.push(match.index);
      }
    }
    run.out += letter;
    run.starts.push(match.index);
    run.ends.push(match.index + match[0].length);
  }
  close();
  return edits;
}
