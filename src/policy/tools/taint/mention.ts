const WORD = /[\p{L}\p{N}_\p{M}\p{Cs}]/u;
/** Signs that join two parts into one address, number or name when they stand between word characters. */
const JOINS = /[.@+/\\'&=%~?#-]/;
const MAX_COMPACT = 64;
/** Why: a text is kept for the whole conversation and looked through for every value of every call. */
export const MAX_FOLDED = 100_000;

/** Text as it is compared: compatibility forms and case do not count. Bounded. */
export function fold(text: string): string {
  return text.slice(0, MAX_FOLDED).normalize('NFKC').toLowerCase().slice(0, MAX_FOLDED);
}

/**
 * Where a value stands in folded text as a whole: not as part of a longer address, number or name. A value with digits in it is also
 * found when it is written in groups (`DE89 3704 …`). A value that folds into another is never found: the tool gets it as it is.
 */
export function mentionsOf(text: string, value: string, open = false): number[] {
  const wanted = value.trim().toLowerCase();
  if (wanted === '' || wanted.normalize('NFKC') !== wanted || wanted.length > 2_000) return [];
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0 && found.length < 100; at = text.indexOf(wanted, at + 1)) {
    if (startsHere(text, at) && endsHere(text, at + wanted.length, open)) found.push(at);
  }
  if (found.length === 0 && /^[a-z0-9][a-z0-9 -]{5,}$/.test(wanted) && /\d/.test(wanted))
    return groupedMentions(text, wanted.replaceAll(/[ -]/g, ''));
  return found;
}

function groupedMentions(text: string, wanted: string): number[] {
  if (wanted.length > MAX_COMPACT) return [];
  const found: number[] = [];
  for (let start = text.indexOf(wanted[0] ?? ''); start >= 0; start = text.indexOf(wanted[0] ?? '', start + 1)) {
    if (!startsHere(text, start)) continue;
    let at = start;
    let matched = 0;
    while (matched < wanted.length) {
      if (text[at] === wanted[matched]) matched++;
      else if (matched === 0 || !(text[at] === ' ' || text[at] === '-') || text[at - 1] === ' ') break;
      at++;
    }
    if (matched === wanted.length && endsHere(text, at, false)) found.push(start);
  }
  return found;
}

function startsHere(text: string, at: number): boolean {
  const before = text[at - 1] ?? ' ';
  if (WORD.test(before)) return false;
  const further = text[at - 2] ?? ' ';
  if (before === ',' || before === ':') return !(/\d/.test(further) && /\d/.test(text[at] ?? ''));
  return !(before === '@' || (JOINS.test(before) && WORD.test(further)));
}

function endsHere(text: string, at: number, open: boolean): boolean {
  const after = text[at] ?? ' ';
  if (WORD.test(after)) return false;
  const further = text[at + 1] ?? ' ';
  if (open && /[/:?#]/.test(after)) return true;
  if (after === ',' || after === ':') return !(/\d/.test(text[at - 1] ?? '') && /\d/.test(further));
  if (/^['’]s(?![\p{L}\p{N}_.@+/\\'&=%~?#-])/u.test(text.slice(at, at + 3))) return true;
  return !(after === '@' || (JOINS.test(after) && WORD.test(further)));
}

const NUMBER =
  /(?<![\p{L}\p{N}_.,-])(?:\d{1,3}(?:[ \u202f'’]\d{3})+(?:[.,]\d{1,6})?|\d{1,15}(?:[.,]\d{1,6})*)(?=[.,]?(?:$|[^\p{L}\p{N}_.,%])|[.,]\s|(?:eur|usd|gbp|chf|jpy|inr|pln|sek|dkk|nok)\b|[.,]$)/gu;

/** Where a number stands in folded text, in any of the usual ways to write it: `1,200.50`, `1.200,50`, `1 200.50`. */
export function numberMentions(text: string, value: number): number[] {
  const found: number[] = [];
  for (const match of text.matchAll(NUMBER)) {
    if (readings(match[0]).includes(value)) found.push(match.index);
  }
  return found;
}

function readings(written: string): number[] {
  const digits = written.replaceAll(/[ \u202f'’]/g, '');
  const marks = digits.replaceAll(/\d/g, '');
  if (marks === '') return [Number(digits)];
  const last = marks.at(-1) ?? '.';
  const asGroups = Number(digits.replaceAll(/[.,]/g, ''));
  const at = digits.lastIndexOf(last);
  const asDecimal = Number(`${digits.slice(0, at).replaceAll(/[.,]/g, '')}.${digits.slice(at + 1)}`);
  if (marks.length > 1 && marks.split('').every((mark) => mark === last)) return [asGroups];
  // Why both: `1.200` is twelve hundred to half of the world.
  return marks.length === 1 && /[.,]\d{3}$/.test(digits) ? [asDecimal, asGroups] : [asDecimal];
}
