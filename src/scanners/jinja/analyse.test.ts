import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { analyse } from './analyse.ts';
import cleanCases from './fixtures/clean/make.ts';

const budget = (): Budget => new Budget(Limits.parse({}));
const rulesOf = (template: string): readonly string[] => analyse(template, budget(), true).map(({ rule }) => rule);

/** Expressions of Jinja whose value is `text`, put together in ways that payloads use. */
function spelling(text: string, depth: number): fc.Arbitrary<string> {
  const quoted = (value: string): string => `'${value}'`;
  const escaped = [...text].map((char) => `\\x${char.codePointAt(0)?.toString(16).padStart(2, '0')}`).join('');
  const octal = [...text].map((char) => `\\${char.codePointAt(0)?.toString(8).padStart(3, '0')}`).join('');
  const reversed = [...text].toReversed().join('');
  const codes = [...text].map((char) => char.codePointAt(0)).join(', ');
  const simple = [quoted(text), quoted(escaped), quoted(octal), `${quoted(reversed)}|reverse`, `${quoted(reversed)}[::-1]`];
  const formats = [
    `'${'%c'.repeat(text.length)}' % (${codes},)`,
    `'${'{:c}'.repeat(text.length)}'.format(${codes})`,
    `['${[...text].join("', '")}']|join`,
  ];
  const leaf = fc.constantFrom(
    ...simple,
    ...formats,
    `${quoted(text.toUpperCase())}.lower()`,
    `${quoted(text.replaceAll('_', 'Q'))}|replace('Q', '_')`,
  );
  if (depth === 0 || text.length < 2) return leaf;
  const split = fc
    .integer({ min: 1, max: text.length - 1 })
    .chain((at) =>
      fc.tuple(spelling(text.slice(0, at), depth - 1), spelling(text.slice(at), depth - 1), fc.constantFrom('~', '+', ',', 's', 'd')),
    );
  return fc.oneof(
    leaf,
    split.map(([a, b, how]) => {
      if (how === ',') return `[(${a}), (${b})]|join('')`;
      if (how === 's') return `'%s%s'|format((${a}), (${b}))`;
      if (how === 'd') return `'{}{}'.format((${a}), (${b}))`;
      return `((${a}) ${how} (${b}))`;
    }),
    spelling(text, depth - 1).map((inner) => `[(${inner})]|first`),
    spelling(text, depth - 1).map((inner) => `({'k': (${inner})}).k`),
    spelling(text, depth - 1).map((inner) => `('x' ~ (${inner}) ~ 'y')[1:-1]`),
    spelling(text, depth - 1).map((inner) => `((${inner}) if messages else 'role')`),
  );
}

test('finds an internal name however it is put together and wherever it is kept', () => {
  const kept = fc.constantFrom<(name: string) => string>(
    (name) => `{{ messages[${name}] }}`,
    (name) => `{{ x|attr(${name}) }}`,
    (name) => `{% set n = ${name} %}{{ messages[n] }}`,
    (name) => `{% set n = namespace(v=${name}) %}{% if tools %}{{ messages[n.v] }}{% endif %}`,
    (name) => `{% macro m(v) %}{{ messages[v] }}{% endmacro %}{{ m(${name}) }}`,
    (name) => `{% set n %}{{ ${name} }}{% endset %}{{ messages[n] }}`,
    (name) => `{% for v in [${name}] %}{{ messages[v] }}{% endfor %}`,
    (name) => `{% with v = ${name} %}{{ messages[v] }}{% endwith %}`,
  );
  fc.assert(
    fc.property(
      fc.constantFrom('__class__', '__globals__').chain((name) => spelling(name, 3)),
      kept,
      (name, keep) => {
        const rules = rulesOf(keep(name));
        expect(rules.includes('jinja.internal-access') || rules.includes('jinja.computed-name'), keep(name)).toBe(true);
      },
    ),
    { numRuns: 600 },
  );
});

test('any mutation of an ordinary template is analysed or refused, never anything else', () => {
  const texts = cleanCases.map(({ files }) => String(files['chat_template.jinja']));
  const piece = fc.constantFrom(
    '{{',
    '}}',
    '{%',
    '%}',
    '{#',
    "'",
    '"',
    '(',
    ')',
    '[',
    ']',
    '|',
    '.',
    '~',
    ' if ',
    ' in ',
    ' not ',
    'endfor',
    '\\',
    ':',
    ',',
    '*',
  );
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(), piece, fc.nat(3)), { maxLength: 4 }), (text, edits) => {
      let template = text;
      for (const [at, put, cut] of edits) {
        const i = at % (template.length + 1);
        template = template.slice(0, i) + put + template.slice(i + cut);
      }
      try {
        analyse(template, budget(), true);
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 400 },
  );
});

test.each([
  ['brackets that never close', '{%'.repeat(100_000)],
  ['quotes that never close', "{{ '".repeat(100_000)],
  ['a chain of operators', `{{ ${"'a' ~ ".repeat(100_000)}'b' }}`],
  ['chains inside brackets', `{{ ${'('.repeat(90)}a${`${' + b'.repeat(450)})`.repeat(90)} }}`],
  [
    'macros that call one another',
    `${Array.from({ length: 60 }, (_, i) => `{% macro m${i}(x) %}${`{{ m${i - 1}(x) }}`.repeat(8)}{% endmacro %}`).join('')}{{ m59(1) }}`,
  ],
  ['texts that double', `{% set a = 'aaaaaaaa' %}${'{% set a = a ~ a %}'.repeat(2000)}{{ messages[a] }}`],
  ['a list in itself', '{% set a = [1] %}{% do a.append(a) %}{{ a|join }}{{ a ~ a }}{% for x in a %}{{ x }}{% endfor %}'],
])('is done with %s in bounded time', (_name, template) => {
  const started = performance.now();
  analyse(template, budget(), true);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('loops over loops of constants end at the limit', () => {
  expect(() => analyse('{% for a in range(256) %}'.repeat(20) + '{% endfor %}'.repeat(20), budget(), true)).toThrow('limit reached');
});
