import { expect, test } from 'vitest';
import type { Store } from '../store/open-store.ts';
import { type KnownPrincipal, KnownPrincipals } from './known-principals.ts';
import type { Principal } from './permission.ts';

const isLoaded = (_: KnownPrincipal | undefined): _ is KnownPrincipal => _ !== undefined;
const found = (name: string): KnownPrincipal => ({ principal: { name } as Principal, until: Infinity });
const open = () => new KnownPrincipals({ changes: () => 1 } as Store);

test('what was looked up before everybody was forgotten is not remembered after it', async () => {
  const known = open();
  const ask = (load: () => Promise<KnownPrincipal | undefined>) => known.get('key', 0, load, isLoaded);
  let answer: (loaded: KnownPrincipal) => void = () => undefined;
  const looking = ask(() => new Promise((settled) => (answer = settled)));
  await Promise.resolve();
  known.forget();
  expect((await ask(async () => found('new')))?.name).toBe('new');
  answer(found('old'));
  expect((await looking)?.name).toBe('old');
  expect((await ask(async () => found('never asked')))?.name).toBe('new');
  known.forget();
  expect((await ask(async () => found('newer')))?.name).toBe('newer');
});

test('neither is what was about to be looked up', async () => {
  let tell: (version: number) => void = () => undefined;
  const known = new KnownPrincipals({ changes: () => new Promise((settled) => (tell = settled)) } as never);
  const looking = known.get('key', 0, async (): Promise<KnownPrincipal | undefined> => found('old'), isLoaded);
  known.forget();
  tell(1);
  await looking;
  const next = known.get('key', 0, async (): Promise<KnownPrincipal | undefined> => found('new'), isLoaded);
  tell(1);
  expect((await next)?.name).toBe('new');
});
