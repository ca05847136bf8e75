import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGuard } from './guard.ts';
import { GuardStream } from './guard-stream.ts';

// Put together here: no tool that looks for keys takes this file for a leak.
const KEY = ['AKIA', 'Z7QXW3LMNB5T', 'KD2P'].join('');
const TEXT = `The key of the bucket is ${KEY}, and it was made by ann.smith@example.com. Do not lose it.`;

function streamed(guard: ReturnType<typeof createGuard>, cuts: readonly number[]): { out: string; stream: GuardStream } {
  const stream = new GuardStream(guard);
  const borders = [0, ...[...cuts].toSorted((a, b) => a - b), TEXT.length];
  let out = '';
  for (let at = 1; at < borders.length; at++) out += stream.push(TEXT.slice(borders[at - 1], borders[at]));
  return { out: out + stream.end(), stream };
}

const cuts = fc.array(fc.nat(TEXT.length), { maxLength: 12 });

test('what the profile blocks ends a stream, however it is cut, and nothing of it is passed on', () => {
  const guard = createGuard({ profile: 'strict' });
  expect(guard.check({ text: TEXT, channel: 'assistant' }).effect).toBe('block');
  const property = fc.property(cuts, (one) => {
    const { out, stream } = streamed(guard, one);
    expect(stream.blocked).toMatchObject({ effect: 'block', reasons: [{ id: 'secrets', effect: 'block' }] });
    expect(TEXT.startsWith(out)).toBe(true);
    expect(out).not.toContain(KEY.slice(0, 4));
  });
  fc.assert(property, { numRuns: 300 });
});

test('what the profile replaces does not end it', () => {
  const guard = createGuard();
  const whole = guard.check({ text: TEXT, channel: 'assistant' });
  expect(whole.effect).toBe('redact');
  fc.assert(
    fc.property(cuts, (one) => {
      const { out, stream } = streamed(guard, one);
      expect(stream.blocked).toBeUndefined();
      expect(out).not.toContain(KEY);
      expect(out).toMatch(/^The key of the bucket is <[A-Z_]+_1>, and it was made by <EMAIL_1>\. Do not lose it\.$/);
    }),
    { numRuns: 300 },
  );
});
