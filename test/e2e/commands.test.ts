import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signCommand } from '../../src/cli/commands/sign.ts';
import { verifyCommand } from '../../src/cli/commands/verify.ts';
import { attestationFetchCommand, attestationListCommand, attestationPushCommand } from '../../src/cli/registry/attestations.ts';
import { impactCommand, lineageCommand, versionBomCommand } from '../../src/cli/registry/lineage.ts';
import { recallCommand, retroCommand } from '../../src/cli/registry/acts.ts';
import { gcCommand, scrubCommand } from '../../src/cli/registry/maintenance.ts';
import { isVersionInRegistry } from '../../src/cli/registry/target.ts';
import { verifyVersionCommand } from '../../src/cli/registry/verify-version.ts';
import { waiveApproveCommand, waiveListCommand, waiveRequestCommand, waiveRevokeCommand } from '../../src/cli/registry/waivers.ts';
import { generateKey } from '../../src/vault/private-key.ts';
import { must, serve, type Served, type Somebody } from './served.ts';

const FILES = { 'config.json': '{"model_type": "bert"}', 'README.md': '---\nbase_model: acme/base\n---\n' };

let folder: string;
let served: Served;
let ann: Somebody;
let bob: Somebody;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-e2e-cli-'));
  const { privatePem, publicPem } = generateKey('P-256', undefined);
  await writeFile(join(folder, 'release.key'), privatePem);
  await writeFile(join(folder, 'release.pub'), publicPem);
  await mkdir(join(folder, 'bert'));
  for (const [path, content] of Object.entries(FILES)) await writeFile(join(folder, 'bert', path), content);
  served = await serve({ registry: { trust: { keys: [{ file: join(folder, 'release.pub'), name: 'release' }] } } });
  ann = await served.person('ann', 'approver@acme');
  bob = await served.person('bob', 'approver@acme');
  must(await ann.push('acme/bert', FILES));
  must(await ann.api('POST', '/repositories/model/acme/bert/versions', {}));
});
afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a command as somebody; answers its exit code and what it wrote. */
async function run(who: Somebody, command: (io: never) => Promise<number>): Promise<{ code: number; out: string }> {
  let out = '';
  const stream = { write: (text: string) => (out += text) };
  const io = { stdout: stream, stderr: stream, cwd: folder, env: { CORDON_SERVER: served.server.url, CORDON_TOKEN: who.key } };
  return { code: await command(io as never), out };
}

test('a version is told from a folder', () => {
  expect(isVersionInRegistry('acme/bert@1', folder)).toBe(true);
  expect(isVersionInRegistry('./bert', folder)).toBe(false);
  expect(isVersionInRegistry('bert', folder)).toBe(false);
});

test('signed here, pushed, verified from the registry and from what was fetched', async () => {
  const sign = { key: 'release.key', signature: 'bert.sig' };
  expect((await run(ann, (io) => signCommand('bert', sign, io))).code).toBe(0);
  expect(await run(ann, (io) => attestationPushCommand('acme/bert@1', ['bert.sig'], {}, io))).toMatchObject({
    code: 0,
    out: expect.stringContaining('by key release'),
  });
  expect((await run(ann, (io) => attestationListCommand('acme/bert@1', {}, io))).out.trim().split('\n')).toHaveLength(2);
  expect(await run(bob, (io) => verifyVersionCommand('acme/bert@1', { key: ['release.pub'] }, io))).toMatchObject({ code: 0 });
  expect(await run(bob, (io) => verifyVersionCommand('acme/bert@1', {}, io))).toMatchObject({
    code: 0,
    out: expect.stringContaining('itself publishes'),
  });
  await writeFile(join(folder, 'other.pub'), generateKey('P-256', undefined).publicPem);
  expect(await run(bob, (io) => verifyVersionCommand('acme/bert@1', { key: ['other.pub'] }, io))).toMatchObject({ code: 1 });

  must(await ann.api('POST', '/repositories/model/acme/bert/versions/1/promote', { stage: 'staging' }));
  expect((await run(bob, (io) => attestationFetchCommand('acme/bert@1', { output: 'evidence' }, io))).code).toBe(0);
  const names = await readdir(join(folder, 'evidence'));
  const named = (start: string): string => join('evidence', names.find((name) => name.startsWith(start)) ?? '');
  const svr = { key: [named('registry-')], attestation: [named('svr-')] };
  const signatures = names.filter((name) => name.startsWith('signature-'));
  const codes = await Promise.all(
    signatures.map(async (name) => (await run(bob, (io) => verifyCommand('bert', { ...svr, signature: join('evidence', name) }, io))).code),
  );
  expect(codes.toSorted(), 'one signature is the key of the registry, the other the release key').toEqual([0, 1]);
});

test('waivers, lineage, bills and maintenance', async () => {
  const asked = await run(ann, (io) => waiveRequestCommand('acme/bert', { rule: 'pickle.*', reason: 'research', days: 3 }, io));
  const id = asked.out.split('\n')[0] ?? '';
  await expect(run(ann, (io) => waiveApproveCommand('acme/bert', id, {}, io))).rejects.toMatchObject({ code: 'access.denied' });
  expect((await run(bob, (io) => waiveApproveCommand('acme/bert', id, {}, io))).code).toBe(0);
  expect((await run(bob, (io) => waiveListCommand('acme/bert', {}, io))).out).toContain('in force');
  expect((await run(ann, (io) => waiveRevokeCommand('acme/bert', id, {}, io))).code).toBe(0);
  expect((await run(bob, (io) => waiveListCommand('acme/bert', {}, io))).out).toContain('revoked');
  expect((await run(bob, (io) => lineageCommand('acme/bert@1', {}, io))).out).toContain('base-model:acme/base');
  expect((await run(bob, (io) => impactCommand('base-model:acme/base', {}, io))).out).toContain('acme/bert@1');
  const bill = await run(ann, (io) => versionBomCommand('acme/bert@1', { format: 'cyclonedx', output: 'bom.json', record: true }, io));
  expect(bill).toMatchObject({ code: 0, out: expect.stringContaining('signed and kept') });
  expect((await run(served.admin, (io) => gcCommand({ dryRun: true }, io))).out).toContain('would remove');
  expect(await run(served.admin, (io) => scrubCommand({}, io))).toMatchObject({ code: 0, out: expect.stringContaining(' 0 damaged') });
});

test('a content is recalled wherever it lies, within a second, and brought back by an administrator', async () => {
  must(await ann.push('acme/other', { 'README.md': '# other', 'config.json': FILES['config.json'] }));
  expect((await bob.pull('acme/other', 'main', 'README.md')).status).toBe(200);
  const digest = `sha256:${createHash('sha256').update(FILES['config.json']).digest('hex')}`;
  const started = performance.now();
  const recalled = await run(ann, (io) => recallCommand(digest, { reason: 'backdoor' }, io));
  for (const repository of ['acme/bert', 'acme/other']) {
    const refused = await bob.pull(repository, 'main', 'README.md');
    expect(refused.status).toBe(403);
    expect(JSON.stringify(refused.body)).toContain('backdoor');
  }
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(recalled).toMatchObject({ code: 0, out: expect.stringContaining('2 sets of files blocked in acme/bert, acme/other') });
  expect(recalled.out).toContain('bob pulled 1 files of acme/other');
  await expect(run(ann, (io) => recallCommand(digest, { lift: true }, io))).rejects.toMatchObject({ code: 'access.denied' });
  expect((await run(served.admin, (io) => recallCommand(digest, { lift: true }, io))).code).toBe(0);
  expect((await bob.pull('acme/other', 'main', 'README.md')).status).toBe(200);
});

test('what was scanned by the scanners of today is said to be', async () => {
  const { code, out } = await run(served.admin, (io) => retroCommand({ status: true }, io));
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^all \d+ revisions were scanned by the scanners of today/) });
});
