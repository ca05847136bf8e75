import { expect, test } from 'vitest';
import { Budget, Limits } from '../../core/budget.ts';
import { bufferSource } from '../bytes/source.ts';
import { findStream } from './find-stream.ts';

const JUNK = Buffer.alloc(64, 0xff);

function foundIn(hidden: string): number | undefined {
  const bytes = Buffer.concat([JUNK, Buffer.from(hidden, 'latin1'), JUNK]);
  return findStream(bufferSource(bytes), 0, bytes.length, new Budget(Limits.parse({})), false).found;
}

// Two places in a MiB of random numbers begin like a stream; some go on for a few opcodes.
test.each([
  ['an instance of a number', '\x80\x04K\x01)\x81'],
  ['a call of a number', '\x80\x02K\x01)R'],
  ['an extension code', '\x80\x02\x82\x07.'],
  ['an import by names that are none', '\x80\x04c\xc9l\x8b\nJ4;\xff\n.'],
  ['an import by one letter each', '(id\nx\n'],
  ['an import by numbers', '\x80\x04K\x01K\x02\x93.'],
  ['a called extension code', '\x80\x02\x82\x07)R.'],
])('numbers that happen to spell %s are no hidden pickle', (_, bytes) => {
  expect(foundIn(bytes)).toBeUndefined();
});

test.each([
  ['with its protocol', '\x80\x02cos\nsystem\nU\x02id\x85R.'],
  ['without', "cos\nsystem\n(S'id'\ntR."],
  ['by names from the memo', '\x80\x04\x8c\x02os\x940\x8c\x06system\x940h\x00h\x01\x93\x8c\x02id\x85R.'],
  ['that breaks off after the call', '\x80\x02cos\nsystem\nU\x02id\x85R\xff'],
])('a call %s is found', (_, bytes) => {
  expect(foundIn(bytes)).toBe(JUNK.length);
});
