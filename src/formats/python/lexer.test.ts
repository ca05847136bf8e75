import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { analysePython } from './analyse.ts';
import { pythonComments } from './comments.ts';
import { declaredEncoding, keepsAscii } from './encoding.ts';
import { lexPython } from './lexer.ts';
import { stringValue } from './string-value.ts';
import { TOKEN } from './tokens.ts';

const budget = (): Budget => new Budget(Limits.parse({}));
const bytes = (text: string): Uint8Array => Buffer.from(text);

/** Tokens as text: names and operators as written, the rest by their kind. */
function shown(source: string): string[] {
  const { tokens } = lexPython(bytes(source), budget());
  return Array.from({ length: tokens.length }, (_, at) => {
    const text = source.slice(tokens.starts[at], tokens.ends[at]);
    const kind = Object.keys(TOKEN).find((name) => TOKEN[name as keyof typeof TOKEN] === tokens.kinds[at])!;
    return ['name', 'op', 'number', 'string', 'fstringText'].includes(kind) ? text : `<${kind}>`;
  });
}

test('lines, indentation and continuation', () => {
  expect(shown('if a:\n\tb = \\\n  1\n\n  # c\nd')).toEqual([
    'if',
    'a',
    ':',
    '<newline>',
    '<indent>',
    'b',
    '=',
    '1',
    '<newline>',
    '<dedent>',
    'd',
    '<newline>',
  ]);
  expect(shown('f(\n  1,\n)\n')).toEqual(['f', '(', '1', ',', ')', '<newline>']);
  expect(shown('# x\rimport os')).toEqual(['import', 'os', '<newline>']);
});

test('strings of every prefix', () => {
  expect(shown(`a = rb'\\'' + """x\n"y" """ + U"z"`)).toEqual(['a', '=', `rb'\\''`, '+', `"""x\n"y" """`, '+', `U"z"`, '<newline>']);
  const lexed = lexPython(bytes(String.raw`"\x6f\163\u0021\n\N{DASH}" r"\x6f"`), budget());
  expect([stringValue(lexed, 0), stringValue(lexed, 1)]).toEqual(['os!\n\ufffd', String.raw`\x6f`]);
});

test('f-strings as Python 3.12 reads them', () => {
  expect(shown(`f'{a['b']:>{w}}{{c}}'`)).toEqual([
    '<fstringStart>',
    '{',
    'a',
    '[',
    `'b'`,
    ']',
    ':',
    '>',
    '{',
    'w',
    '}',
    '}',
    '{{c}}',
    '<fstringEnd>',
    '<newline>',
  ]);
  expect(shown(`f"{x!r}{y:=^{n}}"`).filter((text) => text.startsWith('<'))).toEqual(['<fstringStart>', '<fstringEnd>', '<newline>']);
  expect(lexPython(bytes(`f"{f"{f"{1}"}"}" + f'''{\n1\n}'''`), budget()).errors).toBe(0);
});

test('names are equal in NFKC', () => {
  const { names } = lexPython(bytes('eval 𝘦𝘷𝘢𝘭 ｅval'), budget());
  expect(names).toEqual(['eval']);
});

test('syntax errors are counted, nesting is bounded', () => {
  for (const source of ['"', "'''", '(', ')', 'a ? b', '  a\n b', 'f"{a"', '\0', '\\x'])
    expect(lexPython(bytes(source), budget()).errors, JSON.stringify(source)).toBeGreaterThan(0);
  expect(() => lexPython(bytes('('.repeat(100_000)), budget())).toThrow(CordonError);
});

test('comments with their lines', () => {
  expect(pythonComments(bytes('a = "# no"\n# one\nb = """\n# no\n""" # two'), budget())).toEqual([
    { text: 'one', line: 2 },
    { text: 'two', line: 5 },
  ]);
});

test('declared encodings', () => {
  expect(declaredEncoding(bytes('#!/usr/bin/python\n# -*- coding: UTF_7 -*-\n'))).toBe('utf-7');
  expect(declaredEncoding(bytes('x = 1\n# coding: utf-7\n'))).toBe('utf-8');
  expect(declaredEncoding(bytes('\ufeff# vim: set fileencoding=latin-1 :\n'))).toBe('latin-1');
  expect(['utf-8', 'cp1252', 'utf-7', 'raw-unicode-escape', 'rot13'].map(keepsAscii)).toEqual([true, true, false, false, false]);
});

const SOURCE = `import os as o\nclass A(B):\n  @p\n  def f(self, x=[1, {2: (3,)}], *a):\n    return f"{x!r:>{a}}" + 'y' if x else lambda: o.system("id")\n`;

test('any mutation of a program is read to its end or refused', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(SOURCE.length), fc.string({ unit: fc.constantFrom(...'([{}])\'"\\\n\r\t f:=#,.@\0é'), maxLength: 4 })), {
        maxLength: 6,
      }),
      (edits) => {
        let source = SOURCE;
        for (const [at, put] of edits) source = source.slice(0, at) + put + source.slice(at + 1);
        const input = bytes(source);
        try {
          const { tokens } = lexPython(input, budget());
          for (let at = 1; at < tokens.length; at++) expect(tokens.starts[at]).toBeGreaterThanOrEqual(tokens.starts[at - 1]!);
          analysePython(input, budget());
        } catch (error) {
          expect(error).toBeInstanceOf(CordonError);
        }
      },
    ),
    { numRuns: 1500 },
  );
});

test('random bytes are read to their end or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
      try {
        analysePython(input, budget());
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 1500 },
  );
});
