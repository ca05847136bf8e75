import { truncate, writeFile, chmod } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import type { Principal } from '../../../identity/permission.ts';
import { admissionOf, admit } from '../admit.ts';
import { openServable } from '../read-file.ts';
import { createRepository, type Repository } from '../repositories.ts';
import { retro, retroIfChanged } from '../retro.ts';
import { type TestRegistry, testRegistry } from '../testing.ts';
import { endWaivers } from '../waivers/end-waivers.ts';
import { approveWaiver, requestWaiver, revokeWaiver } from '../waivers/waive.ts';
import { checkContent } from './maintain.ts';

/** `os.system('id')`, never loaded. */
const MALICIOUS = Buffer.from("cos\nsystem\n(S'id'\ntR.");
const START = Date.parse('2026-03-01T12:00:00Z');

let registry: TestRegistry;
let time = START;
afterEach(() => registry.close());

async function prepared(config: object = {}): Promise<{ ann: Principal; bob: Principal; repository: Repository }> {
  time = START;
  registry = await testRegistry(config, { now: () => time });
  const ann = await registry.person('ann', 'approver', 'acme');
  const bob = await registry.person('bob', 'approver', 'acme');
  return { ann, bob, repository: await createRepository(registry.context, ann, { kind: 'model', namespace: 'acme', name: 'bert' }) };
}

describe('waivers', () => {
  test('end to the millisecond for readers, and are announced once', async () => {
    const { ann, bob, repository } = await prepared();
    const { context } = registry;
    const revision = await registry.push(ann, repository, { 'model.pkl': MALICIOUS });
    expect((await admit(context, repository, revision.manifest)).state).toBe('quarantined');
    const expiresAt = START + 3_600_000;
    const id = await requestWaiver(context, ann, repository, { rule: 'pickle.*', reason: 'research', expiresAt });
    await expect(approveWaiver(context, ann, repository, id)).rejects.toMatchObject({ code: 'access.denied' });
    await approveWaiver(context, bob, repository, id);
    await expect(approveWaiver(context, bob, repository, id)).rejects.toMatchObject({ code: 'registry.conflict' });
    const read = async () => (await buffer(await (await openServable(context, ann, repository, revision, 'model.pkl')).open())).length;
    expect(await read()).toBe(MALICIOUS.length);
    time = expiresAt - 1;
    expect(await read()).toBe(MALICIOUS.length);
    time = expiresAt;
    await expect(read()).rejects.toMatchObject({ code: 'registry.blocked' });
    await endWaivers(context);
    await endWaivers(context);
    const told = await context.store.db.selectFrom('ledger').select('kind').where('kind', '=', 'waiver.expired').execute();
    expect(told).toHaveLength(1);
  });

  test('one that is revoked blocks at once; one that lasts too long is refused; a stranger ends none', async () => {
    const { ann, bob, repository } = await prepared();
    const { context } = registry;
    const revision = await registry.push(ann, repository, { 'model.pkl': MALICIOUS });
    await admit(context, repository, revision.manifest);
    const week = START + 7 * 86_400_000;
    const id = await requestWaiver(context, ann, repository, { rule: 'pickle.*', reason: 'research', expiresAt: week });
    await approveWaiver(context, bob, repository, id);
    expect(await admissionOf(context, repository, revision.manifest)).toMatchObject({ state: 'admitted', expires_at: week });
    const carl = await registry.person('carl', 'contributor', 'acme');
    await expect(revokeWaiver(context, carl, repository, id)).rejects.toMatchObject({ code: 'access.denied' });
    await revokeWaiver(context, ann, repository, id);
    expect(await admissionOf(context, repository, revision.manifest)).toMatchObject({ state: 'quarantined', expires_at: null });
    const years = START + 3_000 * 86_400_000;
    const long = requestWaiver(context, ann, repository, { rule: 'pickle.*', reason: 'for ever', expiresAt: years });
    await expect(long).rejects.toMatchObject({ code: 'request.invalid', message: expect.stringContaining('longer') });
  });

  test('a waiver for one file does not cover another', async () => {
    const { ann, bob, repository } = await prepared();
    const { context } = registry;
    const revision = await registry.push(ann, repository, { 'a.pkl': MALICIOUS, 'b.pkl': MALICIOUS });
    await admit(context, repository, revision.manifest);
    const id = await requestWaiver(context, ann, repository, {
      rule: 'pickle.*',
      path: 'a.pkl',
      reason: 'research',
      expiresAt: START + 1_000,
    });
    await approveWaiver(context, bob, repository, id);
    expect((await admissionOf(context, repository, revision.manifest))?.state).toBe('quarantined');
  });
});

describe('damage', () => {
  test('a damaged file stops its revisions until the bytes are back', async () => {
    const { ann, repository } = await prepared();
    const { context } = registry;
    const revision = await registry.push(ann, repository, { 'config.json': '{"a": 1}' });
    const other = await registry.push(ann, repository, { 'other.json': '{"b": 2}' }, { ref: 'refs/heads/other' });
    await admit(context, repository, revision.manifest);
    await admit(context, repository, other.manifest);
    const file = await openServable(context, ann, repository, revision, 'config.json');
    const path = await context.blobs.localPath(file.sha256);
    await chmod(path, 0o600);
    await writeFile(path, '{"a": 2}');
    expect(await checkContent(context, 60_000)).toMatchObject({ damaged: 1 });
    await expect(openServable(context, ann, repository, revision, 'config.json')).rejects.toMatchObject({
      code: 'registry.blocked',
      message: expect.stringContaining('damaged'),
    });
    expect((await openServable(context, ann, repository, other, 'other.json')).size).toBe(8);
    await retro(context);
    expect((await admissionOf(context, repository, revision.manifest))?.state, 'no rule brings damaged bytes back').toBe('quarantined');
    await registry.push(ann, repository, { 'config.json': '{"a": 1}' });
    await retro(context);
    expect((await admissionOf(context, repository, revision.manifest))?.state).toBe('admitted');
  });

  test('a file that was cut off is damage too', async () => {
    const { ann, repository } = await prepared();
    const { context } = registry;
    const revision = await registry.push(ann, repository, { 'config.json': '{"c": 1}' });
    const { sha256 } = await (await admit(context, repository, revision.manifest),
    openServable(context, ann, repository, revision, 'config.json'));
    const path = await context.blobs.localPath(sha256);
    await chmod(path, 0o600);
    await truncate(path, 3);
    expect(await checkContent(context, 60_000)).toMatchObject({ damaged: 1 });
    expect((await admissionOf(context, repository, revision.manifest))?.state).toBe('quarantined');
  });
});

describe('decided again at the start', () => {
  test('once, and again when the gate is another', async () => {
    const { ann, repository } = await prepared();
    const { context } = registry;
    const revision = await registry.push(ann, repository, { 'config.json': '{}' });
    await admit(context, repository, revision.manifest);
    expect(await retroIfChanged(context)).toMatchObject({ decided: 1, changed: [] });
    expect(await retroIfChanged(context)).toBeUndefined();
    const gates = { ci: { deny: [{ id: 'no-json', when: "artifacts.exists(a, a.path.endsWith('.json'))" }], warn: [] } };
    const stricter = { ...context, config: { ...context.config, gates } };
    expect(await retroIfChanged(stricter)).toMatchObject({ decided: 1, changed: [{ before: 'admitted', after: 'quarantined' }] });
    expect(await retroIfChanged(stricter)).toBeUndefined();
    expect((await admissionOf(context, repository, revision.manifest))?.state).toBe('quarantined');
  });
});
