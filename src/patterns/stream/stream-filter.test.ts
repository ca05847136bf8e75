import { expect, test } from 'vitest';
import { randomFrom } from '../../../test/patterns/sample-match.ts';
import { PLANS, runCase } from '../../../test/patterns/stream-case.ts';
import { maximumHold } from './hold.ts';
import { StreamFilter } from './stream-filter.ts';

test('whatever the pieces, the output is that of the whole text', () => {
  let redacted = 0;
  for (let seed = 0; seed < 20_000; seed++) {
    const { text, pieces, whole, joined, held } = runCase(randomFrom(seed));
    if (joined !== whole) expect({ seed, pieces, joined }).toEqual({ seed, pieces, joined: whole });
    expect(held).toBeLessThanOrEqual(maximumHold(PLANS[0]!));
    if (whole !== text) redacted++;
  }
  expect(redacted).toBeGreaterThan(10_000);
});

test('no part of a value passes before it is known to be one', () => {
  const filter = new StreamFilter(PLANS[0]!, (hit) => `[${PLANS[0]!.set.patterns[hit.pattern]!.definition.entity}]`);
  const seen = [...'write to jane.doe@acme.org or call +49 30 901820.'].map((letter) => filter.push(letter));
  seen.push(filter.end());
  expect(seen.join('')).toBe('write to [EMAIL] or call [PHONE].');
});

test('ordinary words pass one behind, a broken text drops what was held', () => {
  const filter = new StreamFilter(PLANS[0]!, () => 'X');
  expect(filter.push('The weather is')).toBe('The weather ');
  expect(filter.push(' fine today')).toContain('is fine');
  filter.push(' jane@acme');
  filter.abort();
  expect(filter.end()).toBe('');
});

test('a surrogate pair is never split', () => {
  const filter = new StreamFilter(PLANS[0]!, () => 'X');
  for (const unit of ['a ', '\ud83d', '\ude00', ' b ', '\ud83d\ude00', '.']) expect(/[\ud800-\udbff]$/.test(filter.push(unit))).toBe(false);
  expect(filter.held).toBeLessThan(6);
});

test('scripts without spaces are held back no more than words are', () => {
  for (const text of [
    '去岛上的渡轮中午出发傍晚回来码头的牌子上有时刻表今天天气很好',
    'เรือไปเกาะออกตอนเที่ยงและกลับมาตอนเย็น',
    'しまへいくふねはひるにでてよるかえります',
  ]) {
    const filter = new StreamFilter(PLANS[0]!, () => 'X');
    for (const letter of text) {
      filter.push(letter);
      expect(filter.held, text).toBeLessThanOrEqual(4);
    }
  }
});

test('of a mailbox in a sentence of such a script the name is replaced, not the sentence', () => {
  const filter = new StreamFilter(PLANS[0]!, () => 'X');
  const out = [...'请把文件发给王小明明@例子.中国 和 вася.пупкин@почта.рф 谢谢'].map((letter) => filter.push(letter));
  expect(`${out.join('')}${filter.end()}`).toBe('请把文件发给X 和 X 谢谢');
});
