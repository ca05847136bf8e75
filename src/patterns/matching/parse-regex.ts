import { bothCases, type CharSet, complement, NOT_NEWLINE, singleton } from './char-set.ts';
import { parseClass, parseEscape } from './parse-class.ts';
import { refuse } from './refuse.ts';
import type { RegexNode } from './regex-ast.ts';

/** Why: the parser recurses once per group, so the depth of the input bounds the stack. */
const MAX_DEPTH = 40;
const MAX_SOURCE = 8192;

/**
 * Parses a regular expression of the subset that patterns may use: sets, groups without capture, choices, quantifiers, `\b`, and looks
 * at one code unit. Back-references, general look-around, anchors and flags are refused with a message. Works on UTF-16 code units.
 */
export function parseRegex(source: string, options: { ignoreCase?: boolean } = {}): RegexNode {
  if (source.length > MAX_SOURCE) throw refuse(source, MAX_SOURCE, `it is longer than ${MAX_SOURCE} characters`);
  const fold = options.ignoreCase === true ? bothCases : (set: CharSet): CharSet => set;
  let at = 0;

  function choice(depth: number): RegexNode {
    if (depth > MAX_DEPTH) throw refuse(source, at, `groups are nested deeper than ${MAX_DEPTH}`);
    const alternatives = [sequence(depth)];
    while (source[at] === '|') {
      at++;
      alternatives.push(sequence(depth));
    }
    return alternatives.length === 1 ? alternatives[0]! : { kind: 'choice', options: alternatives };
  }

  function sequence(depth: number): RegexNode {
    const items: RegexNode[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') items.push(quantified(depth));
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  function quantified(depth: number): RegexNode {
    const body = atom(depth);
    const start = at;
    const range = quantifier();
    if (range === undefined) return body;
    if (body.kind === 'look' || body.kind === 'boundary') throw refuse(source, start, 'an assertion cannot be repeated');
    const lazy = source[at] === '?';
    if (lazy) at++;
    if (source[at] === '+' || source[at] === '*') throw refuse(source, at, 'a quantifier follows a quantifier');
    return { kind: 'repeat', body, min: range[0], max: range[1], lazy, written: source.slice(start, at), at: start };
  }

  function quantifier(): [number, number] | undefined {
    const sign = source[at];
    if (sign === '*' || sign === '+' || sign === '?') {
      at++;
      return [sign === '+' ? 1 : 0, sign === '?' ? 1 : Infinity];
    }
    const found = sign === '{' ? /^\{(\d{1,6})(,(\d{1,6})?)?\}/.exec(source.slice(at, at + 20)) : null;
    if (found === null) return undefined;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === undefined ? Infinity : Number(found[3]);
    if (max < min) throw refuse(source, at, `the quantifier ${found[0]} counts down`);
    at += found[0].length;
    return [min, max];
  }

  function atom(depth: number): RegexNode {
    const sign = source[at]!;
    if (sign === '(') return group(depth);
    if (sign === '[') {
      const [set, end] = parseClass(source, at);
      at = end;
      return { kind: 'set', set: classCases(set) };
    }
    if (sign === '\\') {
      if (source[at + 1] === 'b' || source[at + 1] === 'B') {
        at += 2;
        return { kind: 'boundary', negative: source[at - 1] === 'B' };
      }
      const [set, end] = parseEscape(source, at, false);
      at = end;
      return { kind: 'set', set: fold(set) };
    }
    if (sign === '^' || sign === '$') throw refuse(source, at, `the anchor ${sign} has no meaning inside a conversation`);
    if (sign === '*' || sign === '+' || sign === '?' || sign === '{')
      throw refuse(source, at, `the quantifier ${sign} has nothing to repeat`);
    at++;
    return { kind: 'set', set: sign === '.' ? NOT_NEWLINE : fold(singleton(sign.charCodeAt(0))) };
  }

  function classCases(set: { readonly set: CharSet; readonly negated: boolean }): CharSet {
    return set.negated ? complement(fold(set.set)) : fold(set.set);
  }

  function group(depth: number): RegexNode {
    const start = at;
    const opening = /^\((?:\?(?:<?[=!]|:|<[^>]{0,64}>|.?))?/.exec(source.slice(at, at + 80))![0];
    at += opening.length;
    const look = /^\(\?(<?)([=!])$/.exec(opening);
    if (look === null && opening !== '(' && opening !== '(?:') throw refuse(source, start, `the group ${opening} is not supported`);
    const body = choice(depth + 1);
    if (source[at] !== ')') throw refuse(source, start, 'a group is not closed');
    at++;
    if (look === null) return body.kind === 'choice' ? body : { kind: 'sequence', items: [body] };
    if (body.kind !== 'set') throw refuse(source, start, `the look-around ${opening} may look at one character only`);
    return { kind: 'look', direction: look[1] === '<' ? 'behind' : 'ahead', negative: look[2] === '!', set: body.set };
  }

  const tree = choice(0);
  if (at < source.length) throw refuse(source, at, 'a bracket is closed that was never opened');
  return tree;
}
