import type { Edit } from './edit.ts';

const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));?/gi;

/** Named references that matter for reading words: punctuation and spaces. Accented letters follow a pattern, see below. */
const NAMED: Readonly<Record<string, string>> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', tab: '\t', newline: '\n', excl: '!', num: '#', dollar: '$',
  percnt: '%', lpar: '(', rpar: ')', ast: '*', plus: '+', comma: ',', period: '.', sol: '/', colon: ':', semi: ';', equals: '=',
  quest: '?', commat: '@', lsqb: '[', lbrack: '[', bsol: '\\', rsqb: ']', rbrack: ']', hat: '^', lowbar: '_', grave: '`',
  lcub: '{', lbrace: '{', verbar: '|', vert: '|', rcub: '}', rbrace: '}', ensp: ' ', emsp: ' ', thinsp: ' ', shy: '', zwnj: '',
  zwj: '', lrm: '', rlm: '', ndash: '-', mdash: '-', lsquo: "'", rsquo: "'", ldquo: '"', rdquo: '"', hellip: '...', bull: '*',
  szlig: 'ss', aelig: 'ae', oelig: 'oe', oslash: 'o', aring: 'a', ntilde: 'n', ccedil: 'c', hyphen: '-', dash: '-',
}; // prettier-ignore
const ACCENTED = /^([aeiouyncszdlrt])(?:acute|grave|circ|uml|tilde|caron|cedil|ring|slash|strok)$/;

/** Character references of HTML, numeric and named. */
export function entityEdits(text: string): Edit[] {
  const edits: Edit[] = [];
  for (const match of text.matchAll(ENTITY)) {
    const decoded = decode(match);
    if (decoded !== undefined) edits.push({ start: match.index, end: match.index + match[0].length, text: decoded, by: 'html-entities' });
  }
  return edits;
}

function decode([whole, hex, decimal, name]: RegExpExecArray): string | undefined {
  if (name !== undefined) {
    if (!whole.endsWith(';')) return undefined;
    const lower = name.toLowerCase();
    return NAMED[lower] ?? ACCENTED.exec(lower)?.[1];
  }
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
