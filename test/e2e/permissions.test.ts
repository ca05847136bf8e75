import { afterAll, beforeAll, expect, test } from 'vitest';
import { must, serve, type Served, type Somebody, somebody } from './served.ts';

/** Who is least allowed to do it. `audit` and `server` are rights of approvers and of administrators of everything. */
type Least =
  | 'everybody without a key'
  | 'anybody'
  | 'reader'
  | 'contributor'
  | 'approver'
  | 'holder of the role'
  | 'admin of everything'
  | 'auditor of everything'
  | 'own';

const MODEL = '/repositories/model/acme/bert';
const GOOD = '2099-01-01T00:00:00Z';

/**
 * Every route of the API, what is sent, and who is least allowed. A route that is missing here fails the test below. What a request
 * that is allowed then says (400, 404, 409, 422) does not matter.
 */
const ROUTES: readonly (readonly [method: string, path: string, least: Least, body?: object])[] = [
  ['GET', '/login', 'everybody without a key'],
  ['POST', '/login', 'everybody without a key', {}],
  ['GET', '/whoami', 'anybody'],
  ['GET', '/session', 'anybody'],
  ['POST', '/logout', 'anybody'],
  ['GET', '/sessions', 'anybody'],
  ['GET', '/sessions?all=true', 'admin of everything'],
  // The same answer for the sessions of others and for those that there are not.
  ['DELETE', '/sessions/{id}', 'anybody'],
  ['GET', '/usage', 'anybody'],
  ['GET', '/usage?principal=admin', 'auditor of everything'],
  ['GET', '/exchanges', 'auditor of everything'],
  ['GET', '/exchanges/{id}/content', 'auditor of everything'],
  ['GET', '/gateway', 'auditor of everything'],
  ['GET', '/blocks', 'auditor of everything'],
  ['POST', '/blocks', 'auditor of everything', { kind: 'session', value: 'nobody-has-it', reason: 'test' }],
  ['DELETE', '/blocks/{id}', 'auditor of everything'],
  ['GET', '/mcp/pins', 'auditor of everything'],
  ['POST', '/mcp/pins', 'admin of everything', { server: 'none', tool: 'none', digest: '0'.repeat(64) }],
  ['GET', '/signing-keys', 'anybody'],
  ['GET', '/repositories/{kind}', 'anybody'],
  ['GET', '/impact?artifact=x', 'anybody'],
  ['GET', '/ledger/key', 'anybody'],
  ['GET', '/ledger/entries', 'auditor of everything'],
  ['GET', '/ledger/entries/{position}/proof', 'auditor of everything'],
  ['POST', '/ledger/checkpoint', 'auditor of everything', {}],
  ['GET', '/repositories/{kind}/{namespace}/{name}/revisions/{revision}', 'reader'],
  ['GET', '/repositories/{kind}/{namespace}/{name}/revisions/{revision}/attestations', 'reader'],
  ['GET', '/repositories/{kind}/{namespace}/{name}/revisions/{revision}/lineage', 'reader'],
  ['GET', '/repositories/{kind}/{namespace}/{name}/versions', 'reader'],
  ['GET', '/repositories/{kind}/{namespace}/{name}/versions/{version}', 'reader'],
  ['GET', '/repositories/{kind}/{namespace}/{name}/versions/{version}/bom', 'reader'],
  ['GET', '/repositories/{kind}/{namespace}/{name}/waivers', 'reader'],
  ['POST', '/repositories/{kind}/{namespace}/{name}/versions', 'contributor', {}],
  ['POST', '/repositories/{kind}/{namespace}/{name}/versions/{version}/bom', 'contributor', {}],
  ['POST', '/repositories/{kind}/{namespace}/{name}/revisions/{revision}/attestations', 'contributor', {}],
  ['POST', '/repositories/{kind}/{namespace}/{name}/waivers', 'contributor', { rule: 'x.y', reason: 'r', expiresAt: GOOD }],
  ['POST', '/repositories/{kind}/{namespace}/{name}/waivers/{waiver}/approve', 'approver', {}],
  ['DELETE', '/repositories/{kind}/{namespace}/{name}/waivers/{waiver}', 'own'],
  ['POST', '/repositories/{kind}/{namespace}/{name}/versions/{version}/promote', 'approver', { stage: 'staging', dryRun: true }],
  ['POST', '/repositories/{kind}/{namespace}/{name}/versions/{version}/approvals', 'holder of the role', { stage: 'production' }],
  ['DELETE', '/repositories/{kind}/{namespace}/{name}/approvals/{approval}', 'approver'],
  ['GET', '/repositories/{kind}/{namespace}/{name}/revisions/{revision}/pulls', 'approver'],
  ['DELETE', '/repositories/{kind}/{namespace}/{name}/revisions/{revision}/recall', 'approver'],
  ['POST', '/repositories/{kind}/{namespace}/{name}/revisions/{revision}/recall', 'approver', { reason: 'test' }],
  ['GET', '/contents/recalls', 'anybody'],
  ['DELETE', '/contents/{sha256}/recall', 'admin of everything'],
  ['GET', '/retro', 'admin of everything'],
  ['POST', '/retro', 'admin of everything', { dryRun: true }],
  ['POST', '/maintenance/collect', 'admin of everything', { dryRun: true }],
  ['POST', '/maintenance/check', 'admin of everything', { seconds: 0.1 }],
  // Last: it stays recalled.
  ['POST', '/contents/{sha256}/recall', 'approver', { reason: 'test' }],
];

/** Routes about keys, principals and roles: their rights are tested with the identity. */
const ELSEWHERE = /^\/(?:keys|principals|roles)(?:\/|$)/;

const VALUES: Readonly<Record<string, string>> = {
  kind: 'model',
  namespace: 'acme',
  name: 'bert',
  revision: 'main',
  version: '1',
  waiver: 'none',
  approval: 'none',
  position: '0',
  id: 'none',
  // Of `{}`, the file that is there.
  sha256: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
};

let served: Served;
let people: Readonly<Record<string, Somebody>>;

beforeAll(async () => {
  served = await serve();
  people = {
    'no key': somebody(served.server.url, ''),
    'a wrong key': somebody(served.server.url, `cordon_${'x'.repeat(43)}`),
    reader: await served.person('rita', 'reader@acme'),
    contributor: await served.person('carl', 'contributor@acme'),
    approver: await served.person('anna', 'approver@acme'),
    'admin of the namespace': await served.person('nora', 'admin@acme'),
    'admin of another namespace': await served.person('olga', 'admin@other'),
    'auditor of everything': await served.person('yuri', 'approver@*'),
    'admin of everything': served.admin,
  };
  must(await served.admin.push('acme/bert', { 'config.json': '{}' }));
  must(await served.admin.api('POST', `${MODEL}/versions`, {}));
});
afterAll(() => served.close());

const RANK = ['reader', 'contributor', 'approver', 'admin of the namespace'];

function isAllowed(who: string, least: Least): boolean {
  if (least === 'everybody without a key') return true;
  if (who === 'no key' || who === 'a wrong key') return false;
  // An approval counts as that of a role: who does not hold it, however mighty, gives none.
  if (least === 'holder of the role') return who === 'approver' || who === 'auditor of everything';
  if (least === 'anybody' || who === 'admin of everything') return true;
  if (least === 'admin of everything') return false;
  if (who === 'auditor of everything') return true;
  if (least === 'auditor of everything' || who === 'admin of another namespace') return false;
  // Whoever asked for a waiver may end it, so that reading is enough to be told that there is none.
  if (least === 'own') return true;
  return RANK.indexOf(who) >= RANK.indexOf(least);
}

test('every route of the OpenAPI document is in the matrix', async () => {
  const document = must(await served.admin.api('GET', '/openapi.json')).body as { paths: Record<string, object> };
  const listed = new Set(ROUTES.map(([method, path]) => `${method} ${path.split('?')[0]}`));
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(all.filter((one) => !listed.has(one) && !ELSEWHERE.test(one.split(' ')[1] ?? ''))).toEqual([]);
});

test('nobody can do through any route what no role of theirs allows', async () => {
  const wrong: string[] = [];
  for (const [method, template, least, body] of ROUTES) {
    const path = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => VALUES[name] ?? name);
    for (const [who, person] of Object.entries(people)) {
      const { status } = await person.api(method, path, body);
      const refused = status === 401 || status === 403 || (who === 'admin of another namespace' && status === 404);
      if (status >= 500 || refused === isAllowed(who, least)) wrong.push(`${who}: ${method} ${template} gives ${status}`);
    }
    // What the last one recalled is served again for the next route.
    if (template.endsWith('/recall')) await served.admin.api('DELETE', `${MODEL}/revisions/main/recall`);
  }
  expect(wrong).toEqual([]);
});

test('a repository that one may not see looks like one that is not there', async () => {
  const stranger = people['admin of another namespace'];
  const hidden = await stranger?.api('GET', `${MODEL}/versions`);
  const missing = await stranger?.api('GET', '/repositories/model/acme/nothing/versions');
  expect(hidden?.status).toBe(404);
  expect({ ...hidden?.body, detail: '' }).toEqual({ ...missing?.body, detail: '' });
});
