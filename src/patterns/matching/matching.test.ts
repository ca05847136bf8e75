import { expect, test } from 'vitest';
import { randomFrom, sampleMatch } from '../../../test/patterns/sample-match.ts';
import { makeNearMiss, makeText, PLANS } from '../../../test/patterns/stream-case.ts';
import { compilePatterns, type PatternSet, selectPatterns } from './compile.ts';
import { detect } from './detect.ts';
import { findAll } from './find.ts';
import { parseRegex } from './parse-regex.ts';
import type { Hit, PatternDefinition } from './pattern.ts';
import { resolveHits } from './resolve.ts';
import { userPattern, wordList } from './user-pattern.ts';

/** What the engine must find, the slow way: every pattern tried at every place. */
function reference(set: PatternSet, text: string): Hit[] {
  const hits: Hit[] = [];
  for (const [pattern, { regexHere, context, definition, linear }] of set.patterns.entries()) {
    if (linear !== undefined) continue;
    const sticky = new RegExp(regexHere.source, 'y');
    for (let start = 0; start < text.length; start++) {
      sticky.lastIndex = start;
      const match = sticky.exec(text);
      if (match === null || (context !== undefined && !context(text, start)) || definition.validate?.(match[0]) === false) continue;
      hits.push({ pattern, start, end: start + match[0].length });
    }
  }
  return hits.sort((a, b) => a.start - b.start || b.end - a.end || a.pattern - b.pattern);
}

test.each([0, 1])('triggers lose nothing (set %i)', (index) => {
  const { set } = PLANS[index]!;
  for (let seed = 0; seed < 150; seed++) {
    const random = randomFrom(seed + 90_000);
    const text = (seed % 2 === 0 ? makeText(random) : makeNearMiss(random)).slice(0, 400);
    const found = findAll(set, text);
    expect({ seed, text, found }).toEqual({ seed, text, found: reference(set, text) });
  }
});

test('whatever stands around it, what a pattern matches is found by its triggers', () => {
  const { set } = PLANS[0]!;
  const around = ['', ' ', '\n', '(', '. ', '-', '/', '_', '@', 'é', '日', '0', 'x', 'X ', '12 ', ': '];
  for (const [pattern, { definition, anchor, regexHere }] of set.patterns.entries()) {
    if (anchor === 'context') continue;
    const random = randomFrom(pattern);
    const tree = parseRegex(definition.source);
    for (let tried = 0; tried < 300; tried++) {
      const before = around[random(around.length)]!;
      const text = `${before}${sampleMatch(tree, random)}${around[random(around.length)]!}`;
      regexHere.lastIndex = before.length;
      if (!regexHere.test(text)) continue;
      const hit = { pattern, start: before.length, end: regexHere.lastIndex };
      if (definition.validate?.(text.slice(hit.start, hit.end)) === false) continue;
      expect({ id: definition.id, text, found: findAll(set, text) }).toEqual({
        id: definition.id,
        text,
        found: expect.arrayContaining([hit]),
      });
    }
  }
});

test('what is selected of a set is found as in a set of its own', () => {
  const { set } = PLANS[0]!;
  const wanted = ({ score, id }: PatternDefinition): boolean => score >= 0.7 && id !== 'pii.email';
  const selected = selectPatterns(set, wanted);
  const own = compilePatterns(set.patterns.map(({ definition }) => definition).filter(wanted));
  for (let seed = 0; seed < 300; seed++) {
    const text = makeText(randomFrom(seed + 20_000));
    const name = (from: PatternSet, hits: readonly Hit[]): unknown[] =>
      hits.map(({ pattern, start, end }) => [from.patterns[pattern]!.definition.source, start, end]);
    expect(name(selected, findAll(selected, text))).toEqual(name(own, findAll(own, text)));
  }
});

test('resolved hits are disjoint and cover every letter and digit that a pattern found', () => {
  const { set } = PLANS[1]!;
  for (let seed = 0; seed < 500; seed++) {
    const text = makeText(randomFrom(seed + 50_000));
    const hits = findAll(set, text);
    const resolved = resolveHits(set, hits, (start, end) => text.slice(start, end));
    for (const [at, hit] of resolved.entries()) if (at > 0) expect(hit.start).toBeGreaterThanOrEqual(resolved[at - 1]!.end);
    const covered = new Set(resolved.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)));
    for (const { start, end } of hits)
      for (let at = start; at < end; at++) if (/[A-Za-z0-9]/.test(text[at]!)) expect(covered.has(at)).toBe(true);
  }
});

test.each([
  ['a+', 'the quantifier + has no upper bound (write {1,n} with a number n)'],
  ['x[a-z]*', 'the quantifier * has no upper bound'],
  ['a{3,}', 'the quantifier {3,} has no upper bound'],
  ['(a)\\1', 'the back-reference \\1 cannot be matched in linear time'],
  ['a(?=bc)', 'the look-around (?= may look at one character only'],
  ['^a', 'the anchor ^ has no meaning'],
  ['(a', 'a group is not closed'],
  ['a)', 'a bracket is closed that was never opened'],
  ['[z-a]', 'a character range is not in order'],
  ['[]', 'a character class is empty'],
  ['a{0,5}', 'it matches the empty text'],
  ['(?<name>a)', 'the group (?<name> is not supported'],
  ['(?:a{1,100}){1,100}', 'it may match 10000 characters'],
  ['(?:[ab]{1,100}|[cd]{1,100}|[ef]{1,100}|[gh]{1,100}){1,5}', 'its repeats multiply to more than 3000 states'],
  ['\\p{L}', 'the escape \\p is not supported'],
])('%s is refused', (regex, reason) => {
  expect(() => compilePatterns([userPattern({ id: 'custom.x', regex })])).toThrow(reason);
});

test('user patterns: longest match, boundaries, both cases', () => {
  const set = compilePatterns([
    userPattern({ id: 'custom.case', regex: '\\bproj-[a-z]{2,10}\\b', ignoreCase: true }),
    userPattern({ id: 'custom.nested', regex: '(?:a{1,5}){1,5}!' }),
    ...wordList({ id: 'custom.words', words: ['Falcon', '机密', 'C++'] }),
  ]);
  const found = (text: string): string[] => detect(set, text).map(({ rule, span }) => `${rule} ${text.slice(span.start, span.end)}`);
  expect(found('see PROJ-Alpha, xproj-beta, proj-a')).toEqual(['custom.case PROJ-Alpha']);
  expect(found('baaa! falcon falconry 这是机密文件 c++')).toEqual([
    'custom.nested aaa!',
    'custom.words falcon',
    'custom.words 机密',
    'custom.words c++',
  ]);
});

test('hostile texts take linear time', () => {
  const { set } = PLANS[0]!;
  const hostile = [
    '@',
    '7',
    '-',
    'ey',
    'eyJ.',
    '-----BEGIN ',
    `-----BEGIN PRIVATE KEY-----\n`,
    'a@a.',
    '1-',
    '1.1.',
    'sk-',
    'ab:',
    '://a:',
    'password:',
    'Mr. ',
    'DE89 3704 ',
    '4111 1111 ',
    '{"',
    '\ud83d',
    '\0',
  ];
  for (const unit of hostile) {
    const size = 20_000;
    const time = (length: number): number => {
      const text = unit.repeat(length / unit.length + 1).slice(0, length);
      const begin = process.cpuUsage().user;
      detect(set, text);
      return process.cpuUsage().user - begin;
    };
    time(size);
    // Far from quadratic: eight times the text in less than forty times the time, and in less than a second.
    expect({ unit, slow: time(size * 8) > Math.max(40 * time(size), 1_500_000) }).toEqual({ unit, slow: false });
  }
  const user = compilePatterns([
    userPattern({ id: 'custom.bomb', regex: '(?:a{1,8}){1,8}b' }),
    userPattern({ id: 'custom.words', regex: '(?:[a-z]{1,12} ){1,12}!' }),
  ]);
  const begin = process.cpuUsage().user;
  expect(detect(user, 'a'.repeat(300_000))).toEqual([]);
  expect(detect(user, 'ab '.repeat(100_000))).toHaveLength(100_000);
  expect(process.cpuUsage().user - begin).toBeLessThan(5_000_000);
});

test('a detection never holds what it found', () => {
  const value = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
  const found = detect(PLANS[0]!.set, `token ${value}`);
  expect(found).toEqual([{ rule: 'secrets.github-token', span: { start: 6, end: 46 }, score: 1, entity: 'GITHUB_TOKEN' }]);
});

test('a letter whose capital belongs to another letter hides nothing', () => {
  const rest = { title: 'x', entity: 'X', specificity: 1, score: 1 } as const;
  const set = compilePatterns([
    { ...rest, id: 'custom.turkish', source: 'kadın', triggers: ['kadın'] },
    { ...rest, id: 'custom.english', source: 'INVOICE', triggers: ['invoice'] },
  ]);
  expect(detect(set, 'an INVOICE for a kadın').map(({ rule }) => rule)).toEqual(['custom.english', 'custom.turkish']);
});
