import { type CharSet, complement, pairs } from './char-set.ts';
import type { RegexNode } from './regex-ast.ts';

/** Writes a tree as a V8 regular expression without flags. */
export function regexSource(node: RegexNode): string {
  return write(node, (set) => set, '\\b');
}

/**
 * Writes the prefix matcher of a tree: every atom x becomes `x or end of input`, so that it matches exactly where some path through the
 * pattern reaches the end of the text. From such a place on a stream must be held back: what comes next decides whether it is a match.
 */
export function prefixSource(node: RegexNode): string {
  return `(?:${write(node, (set) => `(?:${set}|$)`, '(?:\\b|$)')})$`;
}

function write(node: RegexNode, atom: (set: string) => string, boundary: string): string {
  switch (node.kind) {
    case 'set':
      return atom(writeSet(node.set));
    case 'boundary':
      return node.negative ? boundary.replace('b', 'B') : boundary;
    case 'look': {
      if (node.direction === 'behind') return `(?<${node.negative ? '!' : '='}${writeSet(node.set)})`;
      return node.negative ? `(?!${writeSet(node.set)})` : `(?=${atom(writeSet(node.set))})`;
    }
    case 'sequence':
      return node.items
        .map((item) => (item.kind === 'choice' ? `(?:${write(item, atom, boundary)})` : write(item, atom, boundary)))
        .join('');
    case 'choice':
      return node.options.map((option) => write(option, atom, boundary)).join('|');
    case 'repeat': {
      const body = write(node.body, atom, boundary);
      const counted = node.min === 0 && node.max === 1 ? '?' : node.min === node.max ? `{${node.min}}` : `{${node.min},${node.max}}`;
      return `${node.body.kind === 'set' ? body : `(?:${body})`}${counted}${node.lazy ? '?' : ''}`;
    }
  }
}

function writeSet(set: CharSet): string {
  if (set.length === 2 && set[0] === set[1]) return unit(set[0]!);
  const inverse = complement(set);
  if (inverse.length === 0) return '[^]';
  const negate = inverse.length < set.length;
  const body = pairs(negate ? inverse : set).map(([low, high]) => (low === high ? unit(low) : `${unit(low)}-${unit(high)}`));
  return `[${negate ? '^' : ''}${body.join('')}]`;
}

function unit(code: number): string {
  const letter = String.fromCharCode(code);
  if (/[A-Za-z0-9_@ ]/.test(letter)) return letter;
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
