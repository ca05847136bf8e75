export type ShellWords = { readonly words: readonly string[] } | { readonly problem: string };

const MAX_COMMAND = 10_000;
/** What shells act on outside quotes, in any of the common ones. */
const ACTIVE = /[;&|<>`$(){}*?[\]~!#\\^%@=]/;

/**
 * Takes a command line apart into words, and refuses everything a shell would act on: then all shells agree, and what runs is one
 * program with these arguments. Single quotes make text plain; double quotes do too unless `$`, backquote, `!` or backslash is inside.
 */
export function shellWords(command: string): ShellWords {
  if (command.length > MAX_COMMAND) return { problem: `is longer than ${MAX_COMMAND} characters` };
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(command.replaceAll('\t', ' ')))
    return { problem: 'has line breaks, control or invisible characters' };
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < command.length; at++) {
    const sign = command[at] ?? '';
    if (sign === ' ' || sign === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (sign === "'" || sign === '"') {
      const end = command.indexOf(sign, at + 1);
      if (end < 0) return { problem: 'has a quote that does not end' };
      const inside = command.slice(at + 1, end);
      if (sign === '"' && /[$`\\!%]/.test(inside)) return { problem: 'has something in double quotes that a shell acts on' };
      word = (word ?? '') + inside;
      at = end;
    } else if (ACTIVE.test(sign) && !isPlainHere(sign, command, at, word)) {
      return { problem: `has ${sign} outside quotes, which a shell acts on` };
    } else {
      word = (word ?? '') + sign;
    }
  }
  if (word !== undefined) words.push(word);
  return { words };
}

/** `--flag=value`, `HEAD~1`, `a@b` and `HEAD^`-like words: these signs act only at the start of a word, or as an assignment. */
function isPlainHere(sign: string, command: string, at: number, word: string | undefined): boolean {
  if (word === undefined) return false;
  if (sign === '=') return word.startsWith('-');
  if (sign === '~') return /[A-Za-z0-9]$/.test(word) && /[\s\d]|$/.test(command[at + 1] ?? '');
  return sign === '@' || sign === '#';
}
