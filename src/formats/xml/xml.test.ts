import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import { bufferSource } from '../bytes/source.ts';
import { readDoctype } from './doctype.ts';
import { readXmlElements } from './read.ts';
import { xml } from './signature.ts';

const document =
  '<?xml version="1.0"?><!-- c --><!DOCTYPE a SYSTEM "x>y" [<!ENTITY b "1]>"><!ENTITY % c PUBLIC "p" "http://192.0.2.1/"><!-- <!ENTITY no "x"> -->]><a><b x="1">t</b></a>';

function names(text: string | Uint8Array): string[] {
  const source = bufferSource(typeof text === 'string' ? Buffer.from(text) : text);
  return [...readXmlElements(source, new Budget(Limits.parse({})))].map((element) => `${element.depth}${element.name}`);
}

function isXml(text: string | Uint8Array): boolean {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return xml.matches(bytes, bufferSource(bytes));
}

test('document types are read past quotes, brackets and comments', () => {
  expect(readDoctype(bufferSource(Buffer.from(document)))).toEqual({
    root: 'a',
    external: 'x>y',
    entities: [
      { name: 'b', parameter: false, value: '1]>' },
      { name: 'c', parameter: true, external: 'http://192.0.2.1/' },
    ],
  });
  expect(readDoctype(bufferSource(Buffer.from('<a/>')))).toBeUndefined();
});

test('elements come in order, also in UTF-16 and across chunks', () => {
  expect(names('<p:a><b/><c><d/></c></p:a>')).toEqual(['1a', '2b', '2c', '3d']);
  expect(names(Buffer.from('\ufeff<a><b/></a>', 'utf16le'))).toEqual(['1a', '2b']);
  expect(names(`<a>${'<é/>'.repeat(20_000)}</a>`)).toHaveLength(20_001);
});

test('nesting without end is refused', () => {
  expect(() => names('<a>'.repeat(5_000))).toThrow(CordonError);
});

test('HTML and Markdown that begins with a tag are not XML', () => {
  for (const text of ['<!doctype html><html>', '<html>', '<p align="center">', '<s>token', '# x', '<!-- note -->\n# Title'])
    expect(isXml(text), text).toBe(false);
  for (const text of ['<?xml version="1.0"?><a/>', '\n<PMML version="1"/>', '<net name="x">', '<!DOCTYPE a><a/>'])
    expect(isXml(text), text).toBe(true);
});

test('four-byte units are XML that cannot be read, zeros around a bracket are not', () => {
  const wide = Buffer.concat([...'<?xml version="1.0"?><a/>'].map((letter) => Buffer.from([letter.charCodeAt(0), 0, 0, 0])));
  expect(isXml(wide)).toBe(true);
  expect(() => names(wide)).toThrow(CordonError);
  expect(isXml(Buffer.concat([Buffer.from([0x3c, 0, 0, 0]), Buffer.alloc(64, 0xbd)]))).toBe(false);
});

test('a mutated document is read or refused', () => {
  const valid = Buffer.from(document);
  fc.assert(
    fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length), (at, byte, length) => {
      const mutated = Buffer.from(valid);
      mutated[at] = byte;
      for (const read of [names, (bytes: Uint8Array) => readDoctype(bufferSource(bytes))]) {
        try {
          read(mutated.subarray(0, length));
        } catch (error) {
          expect(error).toBeInstanceOf(CordonError);
        }
      }
    }),
  );
});
