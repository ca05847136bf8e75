import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must, serve, type Served } from './served.ts';

let served: Served;
let routes: readonly { readonly method: string; readonly path: string }[];

beforeAll(async () => {
  served = await serve();
  must(await served.admin.push('acme/bert', { 'config.json': '{}' }));
  must(await served.admin.api('POST', '/repositories/model/acme/bert/versions', {}));
  const document = must(await served.admin.api('GET', '/openapi.json')).body as { paths: Record<string, object> };
  routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
});
afterAll(() => served.close());

const WORDS = [
  'rule',
  'reason',
  'stage',
  'expiresAt',
  'revision',
  'name',
  'scopes',
  'holder',
  'role',
  'on',
  'kind',
  'dryRun',
  'format',
  'spec',
  'comment',
  'path',
];
const word = fc.constantFrom(...WORDS);
const value = fc.oneof(
  fc.constantFrom('main', 'production', '2099-01-01T00:00:00Z', '-1', 'NaN', '\u0000', '../..', 'acme', '*', 'user', '1.6'),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string(), { maxLength: 3 }),
  fc.dictionary(word, fc.string(), { maxKeys: 3 }),
);
const body = fc.oneof(
  fc.dictionary(word, value, { maxKeys: 6 }).map((one) => JSON.stringify(one)),
  fc.json({ maxDepth: 4 }),
  fc.string({ maxLength: 200 }),
  fc.constantFrom('', '{', '[]', 'null', '{"__proto__": {"x": 1}}', '['.repeat(5_000)),
);
const part = fc.oneof(
  fc.constantFrom(
    'model',
    'acme',
    'bert',
    'main',
    'v1',
    '1',
    '0',
    '-1',
    '1e9',
    '..',
    '%2e%2e',
    '%00',
    '%ff',
    'a'.repeat(300),
    '99999999999999999999',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map(encodeURIComponent),
);
const good: Readonly<Record<string, string>> = { kind: 'model', namespace: 'acme', name: 'bert', revision: 'main', version: '1' };
const query = fc.oneof(
  fc.constant(''),
  fc
    .dictionary(
      fc.constantFrom('limit', 'from', 'format', 'spec', 'artifact', 'direction', 'after', 'search'),
      fc.string({ maxLength: 20 }),
      { maxKeys: 3 },
    )
    .map((one) => `?${new URLSearchParams(one).toString()}`),
);

/** Routes that would end the test: they make keys that are never used, or take rights away from who asks. */
const isHarmless = ({ method, path }: { method: string; path: string }): boolean =>
  !/^\/(?:keys|principals|roles)/.test(path) || method === 'GET';

test('no request, whatever it says, makes the server fail', { timeout: 120_000 }, async () => {
  const runs = Number(process.env.CORDON_FUZZ_RUNS ?? 400);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.array(part, { minLength: 6, maxLength: 6 }),
      fc.boolean(),
      body,
      query,
      async (index, parts, isReal, text, search) => {
        const harmless = routes.filter(isHarmless);
        const { method, path } = harmless[index % harmless.length] as { method: string; path: string };
        let at = 0;
        const address = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
          isReal && good[name] !== undefined ? good[name] : (parts[at++] ?? 'x'),
        );
        const answer = await served.admin.api(method, `${address}${search}`, method === 'GET' || method === 'DELETE' ? undefined : text);
        expect(answer.status, `${method} ${address}${search} ${text.slice(0, 200)} ${JSON.stringify(answer.body)}`).toBeLessThan(500);
      },
    ),
    { numRuns: runs },
  );
  expect((await served.admin.api('GET', '/whoami')).status).toBe(200);
});
