import type { Edit } from './edit.ts';

const RUN = /(?:=[0-9A-F]{2}){1,1000}|=\r?\n/g;

/** Quoted-printable of mail bodies. At least three signs of it, because `a=20` is also an assignment. */
export function quotedPrintableEdits(text: string): Edit[] {
  const edits: Edit[] = [];
  let signs = 0;
  for (const match of text.matchAll(RUN)) {
    const soft = match[0].endsWith('\n');
    const decoded = soft ? '' : decode(match[0]);
    if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffd]/.test(decoded)) continue;
    signs += soft ? 1 : match[0].length / 3;
    edits.push({ start: match.index, end: match.index + match[0].length, text: decoded, by: 'quoted-printable' });
  }
  return signs >= 3 ? edits : [];
}

function decode(run: string): string {
  return new TextDecoder().decode(Uint8Array.from(run.split('=').slice(1), (hex) => Number.parseInt(hex, 16)));
}
