import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { attestCommand } from './attest.ts';
import { bomCommand } from './bom.ts';
import { signCommand } from './sign.ts';
import { signingKeyCreateCommand, signingKeyShowCommand } from './signing-key.ts';
import { verifyCommand } from './verify.ts';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

let cwd: string;
let out: string;
let err: string;
let io: Parameters<typeof signCommand>[2];

beforeEach(async () => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'cordon-cli-sign-')));
  folders.push(cwd);
  [out, err] = ['', ''];
  io = { stdout: { write: (text: string) => (out += text) }, stderr: { write: (text: string) => (err += text) }, env: {}, cwd };
  mkdirSync(join(cwd, 'm'));
  writeFileSync(join(cwd, 'm/README.md'), '---\nlicense: mit\ndatasets:\n- web\n---\n');
  writeFileSync(join(cwd, 'm/notes.txt'), 'x');
  await signingKeyCreateCommand('k', { curve: 'P-256', plain: true }, io);
});

describe('keys', () => {
  test('only the owner may read them, they are never replaced, and are encrypted unless said', async () => {
    expect(statSync(join(cwd, 'k')).mode & 0o777).toBe(0o600);
    await expect(signingKeyCreateCommand('k', { curve: 'P-256', plain: true }, io)).rejects.toThrow(/never replaced/);
    await expect(signingKeyCreateCommand('k2', { curve: 'P-256' }, io)).rejects.toThrow(/passphrase/);
    const secret = { ...io, env: { CORDON_KEY_PASSPHRASE: 'correct horse' } };
    await signingKeyCreateCommand('k2', { curve: 'P-521' }, secret);
    expect(readFileSync(join(cwd, 'k2'), 'utf8')).toContain('ENCRYPTED');
    // The passphrase may be in any place of secrets.
    const elsewhere = { ...io, env: { TEST_PASSPHRASE: 'correct horse' } };
    expect(await signingKeyShowCommand('k2', { passphraseFile: 'env:TEST_PASSPHRASE' }, elsewhere)).toBe(0);
    expect(await signingKeyShowCommand('k2', {}, secret)).toBe(0);
    expect(err).toContain('P-521');
  });
});

describe('sign and verify', () => {
  test('what was signed verifies, what was changed does not, and the files are named', async () => {
    expect(await signCommand('m', { key: 'k' }, io)).toBe(0);
    expect(await verifyCommand('m', { key: ['k.pub'] }, io)).toBe(0);
    expect(out).toContain('signed by key k.pub');
    appendFileSync(join(cwd, 'm/notes.txt'), 'y');
    writeFileSync(join(cwd, 'm/new.py'), '');
    out = '';
    expect(await verifyCommand('m', { key: ['k.pub'] }, io)).toBe(1);
    expect(out).toContain('new.py is not among the signed files');
    expect(out).toContain('notes.txt has other content than was signed');
    out = '';
    expect(await verifyCommand('m', { key: ['k.pub'], json: true }, io)).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ verified: false, code: 'signature.mismatch' });
  });

  test('by nobody who is trusted, and without anybody to trust', async () => {
    await signCommand('m', { key: 'k' }, io);
    await signingKeyCreateCommand('other', { curve: 'P-256', plain: true }, io);
    expect(await verifyCommand('m', { key: ['other.pub'], json: true }, io)).toBe(1);
    expect(out).toContain('signature.untrusted');
    await expect(verifyCommand('m', {}, io)).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(verifyCommand('m', { identity: 'a@b.example' }, io)).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(signCommand('m', {}, io)).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  test('a trust file with windows: what has ended is not trusted', async () => {
    await signCommand('m', { key: 'k' }, io);
    writeFileSync(join(cwd, 'trust.yaml'), 'keys:\n  - { file: k.pub, name: current, from: 2020-01-01 }\n');
    expect(await verifyCommand('m', { trust: 'trust.yaml' }, io)).toBe(0);
    expect(out).toContain('signed by key current');
    writeFileSync(join(cwd, 'trust.yaml'), 'keys:\n  - { file: k.pub, until: 2021-01-01 }\n');
    expect(await verifyCommand('m', { trust: 'trust.yaml', json: true }, io)).toBe(1);
    expect(out).toContain('signature.untimed');
    writeFileSync(join(cwd, 'trust.yaml'), 'keys:\n  - { file: k.pub, untill: 2021-01-01 }\n');
    await expect(verifyCommand('m', { trust: 'trust.yaml' }, io)).rejects.toMatchObject({ code: 'config.invalid' });
  });
});

describe('attest and bom', () => {
  const RUN = 'builder: { id: "urn:ci" }\ndatasets:\n  - { name: corpus, digest: { sha256: "%" } }\n'.replace('%', '2'.repeat(64));

  test('a signed training run is verified with the model, and goes into the bill', async () => {
    writeFileSync(join(cwd, 'run.yaml'), RUN);
    await signCommand('m', { key: 'k' }, io);
    expect(await attestCommand('m', { type: 'training', from: 'run.yaml', key: 'k' }, io)).toBe(0);
    expect(await verifyCommand('m', { key: ['k.pub'], attestation: ['m.training.json'] }, io)).toBe(0);
    expect(out).toContain('proven: signer, subject');
    out = '';
    expect(await bomCommand('m', { format: 'cyclonedx', attestation: ['m.training.json'], key: ['k.pub'] }, io)).toBe(0);
    const components = JSON.parse(out).components as { name: string }[];
    expect(components.map(({ name }) => name)).toEqual(['corpus', 'web']);
    expect(err).toContain('bom.dataset');
    expect(await bomCommand('m', { format: 'spdx', strict: true, attestation: ['m.training.json'], key: ['k.pub'] }, io)).toBe(1);
  });

  test('an attestation by a stranger is not used', async () => {
    writeFileSync(join(cwd, 'run.yaml'), RUN);
    await attestCommand('m', { type: 'training', from: 'run.yaml', key: 'k' }, io);
    await signingKeyCreateCommand('other', { curve: 'P-256', plain: true }, io);
    const flags = { format: 'cyclonedx', attestation: ['m.training.json'] };
    await expect(bomCommand('m', { ...flags, key: ['other.pub'] }, io)).rejects.toMatchObject({ code: 'signature.untrusted' });
    await expect(bomCommand('m', flags, io)).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  test('what is missing or misspelt is a usage or configuration error', async () => {
    writeFileSync(join(cwd, 'run.yaml'), 'builder: { id: "urn:ci" }\ndataset: []\n');
    await expect(attestCommand('m', { type: 'training', from: 'run.yaml', key: 'k' }, io)).rejects.toMatchObject({
      code: 'config.invalid',
    });
    await expect(attestCommand('m', { type: 'training', key: 'k' }, io)).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(attestCommand('m', { type: 'other', key: 'k' }, io)).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(bomCommand('m', { format: 'cyclonedx', spec: '1.4' }, io)).rejects.toMatchObject({ code: 'usage.invalid' });
  });
});
