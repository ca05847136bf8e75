import { expect, test } from 'vitest';
import { appendEntry } from '../../src/evidence/ledger/append.ts';
import { authenticate } from '../../src/identity/authenticate.ts';
import { openIdentity } from '../../src/identity/identity.ts';
import { localOperator } from '../../src/identity/permission.ts';
import { createPrincipal, setDisabled } from '../../src/identity/principals/manage.ts';
import { hashPassword } from '../../src/identity/sessions/password.ts';
import { checkPassword, setPassword } from '../../src/identity/sessions/password-login.ts';
import { createSession } from '../../src/identity/sessions/session.ts';
import { createToken } from '../../src/identity/tokens/manage.ts';
import { openStore } from '../../src/store/open-store.ts';

test('passwords of people', async () => {
  const store = await openStore({ database: ':memory:' });
  let clock = 1_800_000_000_000;
  const identity = openIdentity({ store, record: appendEntry, now: () => clock });
  const root = localOperator('tester');
  const alice = await createPrincipal(identity, root, { name: 'alice', kind: 'user' });
  await createPrincipal(identity, root, { name: 'robot', kind: 'service' });
  await setPassword(identity, root, alice.id, 'correct horse battery');
  const session = await createSession(identity, alice, { lifetimeMs: 1000, method: 'password' });

  for (const [name, password] of [
    ['alice', 'wrong horse battery'],
    ['robot', 'correct horse battery'],
    ['nobody', 'correct horse battery'],
  ] as const) {
    expect(await checkPassword(identity, name, password)).toBeUndefined();
  }

  // Hashed with less in former times: hashed again at the login.
  const old = await hashPassword('correct horse battery', { ln: 12, r: 8, p: 1 });
  await store.db.updateTable('principal').set({ password_hash: old }).where('id', '=', alice.id).execute();
  expect(await checkPassword(identity, 'alice', 'correct horse battery')).toEqual({ id: alice.id, name: 'alice' });
  const row = await store.db.selectFrom('principal').select('password_hash').where('id', '=', alice.id).executeTakeFirstOrThrow();
  expect(row.password_hash).toContain('ln=17');

  // A token with scopes cannot set a password, because the login would have none.
  const { secret } = await createToken(identity, root, { principal: alice.id, name: 'x', scopes: { actions: ['admin'] } });
  const scoped = (await authenticate(identity, { kind: 'bearer', token: secret }))!;
  await expect(setPassword(identity, scoped, alice.id, 'another password')).rejects.toMatchObject({ code: 'access.denied' });

  await setPassword(identity, root, alice.id, 'another password');
  expect(await authenticate(identity, { kind: 'session', secret: session.secret })).toBeUndefined();
  await setDisabled(identity, root, alice.id, true);
  expect(await checkPassword(identity, 'alice', 'another password')).toBeUndefined();
  await setDisabled(identity, root, alice.id, false);

  for (let index = 0; index < 5; index++) identity.throttle.failed('alice', clock);
  expect(await checkPassword(identity, 'alice', 'another password')).toBeUndefined();
  clock += 300_000;
  expect(await checkPassword(identity, 'alice', 'another password')).toBeDefined();

  const ledger = JSON.stringify(await store.db.selectFrom('ledger').selectAll().execute());
  expect(ledger).toContain('password.set');
  expect(ledger).not.toContain('scrypt');
  await identity.close();
  await store.close();
});
