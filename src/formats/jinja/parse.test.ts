import { expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import type { Statement } from './ast.ts';
import { parseTemplate } from './parse.ts';

/** The only output of a template, without positions. */
function expression(source: string): unknown {
  const [statement] = parseTemplate(`{{ ${source} }}`);
  return strip((statement as Statement & { type: 'output' }).value);
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (key === 'offset' ? [] : [[key, strip(item)]])));
}

test.each([
  [String.raw`'\x5f\137\u005f\N{LOW LINE}\q'`, '____\\q'],
  [String.raw`"a" 'b'`, 'ab'],
  ['1_000', 1000],
  ['1.5e-3', 0.0015],
  ['None', null],
])('reads the literal %s as Python does', (source, value) => {
  expect(expression(source)).toEqual({ type: 'constant', value });
});

test('binds operators as Jinja2 does', () => {
  expect(expression('not a == b')).toMatchObject({ type: 'unary', operand: { operator: '==' } });
  expect(expression('a + b ~ c')).toMatchObject({ operator: '+', right: { operator: '~' } });
  expect(expression('-x ** 2')).toMatchObject({ operator: '**', left: { type: 'unary' } });
  expect(expression('a ** b ** c')).toMatchObject({ operator: '**', left: { operator: '**' } });
  expect(expression('a not in b and c')).toMatchObject({ operator: 'and', left: { operator: 'not in' } });
  expect(expression("x|attr('a')()")).toMatchObject({ type: 'call', callee: { type: 'filter', name: 'attr' } });
  expect(expression('a is divisibleby 3 and b')).toMatchObject({
    operator: 'and',
    left: { type: 'test', args: { positional: [{ value: 3 }] } },
  });
  expect(expression('x.0.y')).toMatchObject({ type: 'attribute', name: 'y', object: { type: 'subscript', index: { value: 0 } } });
  expect(expression('{"a": {"b": 1}}')).toMatchObject({ type: 'dict', pairs: [[{ value: 'a' }, { type: 'dict' }]] });
});

test('knows the statements of chat templates', () => {
  const types = (source: string): readonly string[] => parseTemplate(source).map(({ type }) => type);
  expect(types('a{# b #}{% raw %}{{ x }}{% endraw %}')).toEqual(['text', 'text']);
  expect(types('{% set a, b = 1, 2 %}{% set ns.x = 1 %}{% set c %}t{% endset %}{% set d | upper %}t{% endset %}')).toEqual([
    'set',
    'set',
    'capture',
    'capture',
  ]);
  expect(types('{%- for k, v in d.items() if v recursive -%}{% continue %}{%- else -%}{%+ endfor %}')).toEqual(['for']);
  expect(types('{% if a: %}{% elif b %}{% else %}{% endif %}{% generation %}x{% endgeneration %}{% do f(*a, **b) %}')).toEqual([
    'if',
    'block',
    'output',
  ]);
  expect(
    types(
      '{% macro m(a, b=1) %}{% endmacro %}{% call(x) m(1) %}{% endcall %}{% filter upper|lower %}{% endfilter %}{% with a = 1 %}{% endwith %}',
    ),
  ).toEqual(['macro', 'call-block', 'filter-block', 'with']);
  expect(types("{% include 'x' ignore missing %}{% from 'y' import a as b with context %}{% extends z %}")).toEqual([
    'load',
    'load',
    'load',
  ]);
});

test.each([
  '{% if a %}',
  '{{ a',
  "{{ 'a }}",
  '{% raw %}',
  '{# a',
  '{{ a b }}',
  '{{ (a] }}',
  '{% unknown %}',
  '{{ a. }}',
  '{% for in x %}{% endfor %}',
  '{% endif %}',
])('refuses %s', (source) => {
  expect(() => parseTemplate(source)).toThrow(CordonError);
});
