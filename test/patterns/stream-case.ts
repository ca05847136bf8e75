import { compilePatterns } from '../../src/patterns/matching/compile.ts';
import { parseRegex } from '../../src/patterns/matching/parse-regex.ts';
import type { PatternDefinition } from '../../src/patterns/matching/pattern.ts';
import type { RegexNode } from '../../src/patterns/matching/regex-ast.ts';
import { userPattern, wordList } from '../../src/patterns/matching/user-pattern.ts';
import { PII_PATTERNS } from '../../src/patterns/pii/index.ts';
import { SECRET_PATTERNS } from '../../src/patterns/secrets/index.ts';
import { filterText } from '../../src/patterns/stream/filter-text.ts';
import { planHold } from '../../src/patterns/stream/hold.ts';
import { type Replace, StreamFilter } from '../../src/patterns/stream/stream-filter.ts';
import { type Random, sampleMatch } from './sample-match.ts';

const definitions: readonly PatternDefinition[] = [...PII_PATTERNS, ...SECRET_PATTERNS];
const trees: readonly RegexNode[] = definitions.map(({ source, ignoreCase }) => parseRegex(source, { ignoreCase: ignoreCase ?? false }));

/** The patterns as shipped, and without validators, so that random values match. */
export const PLANS = lists().map((list) => planHold(compilePatterns(list)));

function lists(): (readonly PatternDefinition[])[] {
  // Why not the names: which given names are known is in the validator, and the triggers follow from that.
  const bare = definitions.map(({ validate, ...rest }) =>
    rest.id === 'pii.full-name' && validate !== undefined ? { ...rest, validate } : rest,
  );
  const regexes = ['[a-z]{2,8}-\\d{1,4}', '\\bcode[a-z]{0,10}\\b', '(?:ab|a){1,8}c?', '\\d{3}(?:-\\d{3}){0,4}', '[é日]{1,3}x?'];
  const words = wordList({ id: 'custom.words', words: ['the call', 'street', 'my name', '日本'] });
  return [
    definitions,
    bare,
    [...regexes.map((regex, at) => userPattern({ id: `custom.${at}`, regex })), ...words, ...definitions.slice(0, 20)],
  ];
}

const NOISE = [
  'the ',
  'call ',
  ' is ',
  '. ',
  '\n',
  '  ',
  'a',
  '1',
  '-',
  '@',
  ':',
  '"',
  'é',
  '日本',
  '😀',
  '\ud83d',
  '12 ',
  '000-',
  'sk-',
  'eyJ',
  'key=',
  'x.y',
  '/',
  ', ',
  'My name is ',
  'password: ',
  'Street ',
  'bearer ',
  'ab',
  'aba',
  'codex',
];

/** A text of matches, parts of matches, the words before them and noise. */
export function makeText(random: Random): string {
  let text = '';
  for (let parts = 1 + random(6); parts > 0; parts--) {
    const kind = random(10);
    if (kind < 3) text += NOISE[random(NOISE.length)]!;
    else {
      const index = random(definitions.length);
      const { triggers, anchor } = definitions[index]!;
      if (anchor === 'context' || kind === 9) text += `${triggers[random(triggers.length)]!}${[' ', ': ', ' is ', '=', ''][random(5)]!}`;
      const value = sampleMatch(trees[index]!, random).slice(0, 300);
      text += kind < 8 ? value : value.slice(0, random(value.length + 1));
      text += [' ', '', '', '.', '@', '-', '\n'][random(7)]!;
    }
  }
  return text;
}

const GLUE = [' ', '', '-', '.', ': ', '/', '\n', ', ', '_', '@', '0', 'a', 'A', 'é', '日', '\t', '  ', '"', "'", '='];

/** A text of what nearly matches: values with a character changed or their beginning missing, triggers in other cases, words of contexts. */
export function makeNearMiss(random: Random): string {
  const glue = (): string => GLUE[random(GLUE.length)]!;
  let text = '';
  for (let parts = 1 + random(8); parts > 0; parts--) {
    const index = random(definitions.length);
    const { triggers, context } = definitions[index]!;
    const trigger = triggers[random(triggers.length)]!;
    const value = sampleMatch(trees[index]!, random).slice(0, 200);
    const at = random(value.length);
    const kinds = [
      () => (context === undefined || context.raw === true ? trigger : context.words[random(context.words.length)]!),
      () => [trigger, trigger.toUpperCase(), `${trigger[0]!.toUpperCase()}${trigger.slice(1)}`][random(3)]!,
      () => value,
      () => `${value.slice(0, at)}${glue()}${value.slice(at + random(2))}`,
      () => value.slice(at),
    ];
    text += kinds[random(kinds.length)]!() + glue();
  }
  return text;
}

/** Cuts a text at random places, also within surrogate pairs. */
export function cut(text: string, random: Random): string[] {
  const pieces: string[] = [];
  const most = 1 + random([2, 8, 40, 400][random(4)]!);
  for (let at = 0; at < text.length;) {
    const length = 1 + random(most);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

/** One case: the filtered whole, the joined outputs of the filtered pieces, and the most that was held. */
export function runCase(random: Random): {
  readonly text: string;
  readonly pieces: readonly string[];
  readonly whole: string;
  readonly joined: string;
  readonly held: number;
} {
  const text = random(3) === 0 ? makeNearMiss(random) : makeText(random);
  const pieces = cut(text, random);
  const plan = PLANS[random(PLANS.length)]!;
  const replace: Replace = (hit, match) => `<${plan.set.patterns[hit.pattern]!.definition.entity}:${match.length}>`;
  const filter = new StreamFilter(plan, replace);
  let joined = '';
  let held = 0;
  for (const piece of pieces) {
    joined += filter.push(piece);
    held = Math.max(held, filter.held);
  }
  joined += filter.end();
  return { text, pieces, whole: filterText(plan.set, text, replace), joined, held };
}
