import { describe, expect, test } from 'vitest';
import { secretsOf } from '../testing.ts';
import { awsCredential } from './aws.ts';
import { headerCredential } from './header-credential.ts';
import { tokenCredential } from './token-credential.ts';

const MINUTE = 60_000;

describe('tokens', () => {
  /** A service that gives tokens for an hour, and a clock. */
  function service() {
    const state = { time: 1_000_000, asked: 0, isDown: false };
    const credential = tokenCredential(
      async () => {
        state.asked++;
        if (state.isDown) throw new Error('down');
        return { value: `token-${state.asked}`, until: state.time + 60 * MINUTE };
      },
      () => state.time,
    );
    return { state, credential };
  }

  test('are asked for once by many, and renewed ahead while the last one is still used', async () => {
    const { state, credential } = service();
    expect(credential.current()).toBeUndefined();
    const all = await Promise.all(Array.from({ length: 20 }, () => credential.renew()));
    expect(new Set(all.map(([, value]) => value))).toEqual(new Set(['Bearer token-1']));
    state.time += 54 * MINUTE;
    expect(credential.current()).toEqual(['authorization', 'Bearer token-1']);
    expect(state.asked).toBe(1);
    state.time += 2 * MINUTE;
    expect(credential.current()).toEqual(['authorization', 'Bearer token-1']);
    await credential.renew();
    expect(credential.current()).toEqual(['authorization', 'Bearer token-2']);
    expect(state.asked).toBe(2);
  });

  test('are used to their end while the service is down, which is not asked by every request, and not beyond', async () => {
    const { state, credential } = service();
    await credential.renew();
    state.isDown = true;
    state.time += 56 * MINUTE;
    for (let n = 0; n < 10; n++) {
      expect(credential.current()).toEqual(['authorization', 'Bearer token-1']);
      await new Promise(setImmediate);
    }
    expect(state.asked).toBe(2);
    state.time += 5 * MINUTE;
    expect(credential.current()).toBeUndefined();
    await expect(credential.renew()).rejects.toThrow('down');
    state.isDown = false;
    expect(await credential.renew()).toEqual(['authorization', 'Bearer token-4']);
  });

  test('that would be another header are refused', async () => {
    const credential = tokenCredential(async () => ({ value: 'a\r\nx-evil: 1', until: Infinity }), Date.now);
    await expect(credential.renew()).rejects.toMatchObject({ code: 'secret.unavailable' });
  });
});

describe('keys', () => {
  test.each(['', 'with space', 'line\nfeed', 'ümlaut', 'x'.repeat(20_000)])(
    'that cannot be sent are refused without being quoted',
    async (value) => {
      const credential = headerCredential(secretsOf({ 'env:KEY': value }), 'env:KEY', 'x-api-key');
      const error = await credential.renew().then(
        () => new Error('no refusal'),
        (thrown: Error) => thrown,
      );
      expect(error).toMatchObject({ code: 'secret.unavailable' });
      if (value !== '') expect(error.message).not.toContain(value);
    },
  );

  test('of AWS are read again after a minute, and used for a while when that fails', async () => {
    let time = 1_000_000;
    const values: Record<string, string> = { 'env:ID': 'A1', 'env:SECRET': 's' };
    const keys = { accessKeyId: 'env:ID', secretAccessKey: 'env:SECRET' };
    const credential = awsCredential(keys, secretsOf(values), () => time);
    await credential.renew();
    values['env:ID'] = 'A2';
    expect(credential.identity().accessKeyId).toBe('A1');
    time += 61_000;
    expect(credential.current()).toEqual([]);
    await new Promise(setImmediate);
    expect(credential.identity().accessKeyId).toBe('A2');
    delete values['env:ID'];
    time += 61_000;
    expect(credential.current()).toEqual([]);
    await new Promise(setImmediate);
    expect(credential.current()).toEqual([]);
    time += 15 * MINUTE;
    expect(credential.current()).toBeUndefined();
    await expect(credential.renew()).rejects.toThrow();
  });
});
