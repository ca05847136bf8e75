import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compilePatterns } from '../matching/compile.ts';
import { detect } from '../matching/detect.ts';
import { cordonToken, isCordonToken } from './cordon-token.ts';
import { SECRET_PATTERNS } from './index.ts';

test('tokens have one length, and their checksum finds every typo of one character', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(), fc.nat({ max: 61 }), (random, at, digit) => {
      const token = cordonToken(random);
      expect(token).toMatch(/^cordon_[0-9A-Za-z]{49}$/);
      expect(isCordonToken(token)).toBe(true);
      const index = 7 + (at % 49);
      const letter = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'[digit]!;
      const typo = token.slice(0, index) + letter + token.slice(index + 1);
      expect(isCordonToken(typo)).toBe(typo === token);
    }),
  );
});

test('different bytes give different tokens', () => {
  expect(cordonToken(new Uint8Array(32))).not.toBe(cordonToken(new Uint8Array(32).fill(255)));
  expect(isCordonToken(cordonToken(new Uint8Array(32).fill(255)))).toBe(true);
  expect(isCordonToken(`${cordonToken(new Uint8Array(32))}\n`)).toBe(false);
});

test('they are found in text, look-alikes are not', () => {
  const set = compilePatterns(SECRET_PATTERNS);
  const token = cordonToken(Uint8Array.from({ length: 32 }, (_, index) => index * 37));
  const text = `export HF_TOKEN=${token}\n`;
  expect(detect(set, text).map(({ rule, span }) => [rule, text.slice(span.start, span.end)])).toEqual([['secrets.cordon-token', token]]);
  expect(detect(set, `see ${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'} there`)).toEqual([]);
});
