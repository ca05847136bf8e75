import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';
import { PasswordThrottle } from './throttle.ts';

const CHEAP = { ln: 12, r: 8, p: 1 };

test('passwords are compared, with their parameters, and old parameters are noticed', async () => {
  const stored = await hashPassword('correct horse battery', CHEAP);
  expect(stored).toMatch(/^\$scrypt\$ln=12,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await verifyPassword('correct horse battery', stored)).toEqual({ ok: true, upgrade: true });
  expect(await verifyPassword('correct horse batterz', stored)).toEqual({ ok: false, upgrade: false });
  expect(await hashPassword('correct horse battery', CHEAP)).not.toBe(stored);
});

test('the strength of today is not upgraded, and accents may be composed or not', async () => {
  const stored = await hashPassword('caf\u00e9 au lait');
  expect(await verifyPassword('cafe\u0301 au lait', stored)).toEqual({ ok: true, upgrade: false });
});

test('hashes that are none are never right, and cannot take all memory', async () => {
  const tail = `$AAAAAAAAAAAAAAAAAAAAAA$${'A'.repeat(43)}`;
  for (const stored of [null, `$scrypt$ln=40,r=8,p=1${tail}`, `$scrypt$ln=12,r=99,p=1${tail}`, `$scrypt$ln=12,r=8,p=1${tail}`]) {
    expect((await verifyPassword('anything at all', stored)).ok).toBe(false);
  }
  await expect(hashPassword('short')).rejects.toThrow('10 to 1000');
});

test('guessing by many at once is turned away, the others get their turn', async () => {
  const stored = await hashPassword('correct horse battery', { ln: 14, r: 8, p: 1 });
  const results = await Promise.allSettled(Array.from({ length: 40 }, () => verifyPassword('correct horse battery', stored)));
  const done = results.filter((result) => result.status === 'fulfilled');
  expect(done).toHaveLength(22);
  expect(done.every(({ value }) => value.ok)).toBe(true);
  expect((await verifyPassword('correct horse battery', stored)).ok).toBe(true);
});

test('guessing gets slower by name, and nobody is locked out', () => {
  const throttle = new PasswordThrottle();
  for (let index = 0; index < 4; index++) throttle.failed('alice', 0);
  expect(throttle.blocked('alice', 0)).toBe(false);
  throttle.failed('alice', 0);
  expect([throttle.blocked('alice', 999), throttle.blocked('alice', 1000), throttle.blocked('bob', 0)]).toEqual([true, false, false]);
  for (let index = 0; index < 50; index++) throttle.failed('alice', 0);
  expect([throttle.blocked('alice', 299_999), throttle.blocked('alice', 300_000)]).toEqual([true, false]);
  throttle.succeeded('alice');
  expect(throttle.blocked('alice', 0)).toBe(false);
});
