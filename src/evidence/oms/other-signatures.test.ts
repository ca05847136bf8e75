import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { privateKeySigner } from '../../vault/private-key.ts';
import { keySeal } from '../signature/seal.ts';
import type { Seal } from '../signature/seal.ts';
import type { TrustPolicy } from '../signature/trust-policy.ts';
import { type ManifestOptions, signModel } from './sign-model.ts';
import { type VerifyOptions, verifyModel } from './verify-model.ts';

interface Party {
  readonly seal: Seal;
  readonly policy: TrustPolicy;
}

function party(name: string): Party {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { seal: keySeal(privateKeySigner(pem, undefined, name)), policy: { keys: [{ publicKey, name }] } };
}

const [publisher, company] = [party('publisher'), party('company')];
let folder = '';
let model = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cordon-two-')));
  model = join(folder, 'model');
  mkdirSync(join(model, 'sub'), { recursive: true });
  for (const file of ['config.json', 'weights.bin', 'sub/a.txt']) writeFileSync(join(model, file), `content of ${file}`);
});
afterEach(() => rmSync(folder, { recursive: true }));

async function sign({ seal }: Party, file: string, options: ManifestOptions = {}): Promise<Buffer> {
  const path = join(model, file);
  const { bundle } = await signModel(model, seal, { exclude: [path], ...options });
  writeFileSync(path, bundle);
  return Buffer.from(bundle);
}

async function verify({ policy }: Party, file: string, bundle: Buffer, options: VerifyOptions = {}) {
  const verified = await verifyModel(model, bundle, policy, { signaturePath: join(model, file), ...options });
  return verified.matches ? verified.uncovered : verified.differences.map(({ kind, path }) => `${kind} ${path}`);
}

test('two who sign the same files do not break each other, whoever verifies', async () => {
  const first = await sign(publisher, 'model.sig');
  const second = await sign(company, 'company.sig');
  expect(await verify(publisher, 'model.sig', first)).toEqual(['company.sig']);
  expect(await verify(company, 'company.sig', second)).toEqual(['model.sig']);
  writeFileSync(join(model, 'weights.bin'), 'other');
  expect(await verify(publisher, 'model.sig', first)).toEqual(['changed weights.bin']);
  expect(await verify(company, 'company.sig', second)).toEqual(['changed weights.bin']);
});

test('they may hash in different ways', async () => {
  const first = await sign(publisher, 'model.sig', { shardSize: 5 });
  const second = await sign(company, 'company.sig', { hashType: 'blake3' });
  expect(await verify(publisher, 'model.sig', first)).toEqual(['company.sig']);
  expect(await verify(company, 'company.sig', second)).toEqual(['model.sig']);
});

test('a second signature that covers the first, as other tools make it, holds as well', async () => {
  const first = await sign(publisher, 'model.sig');
  const second = await sign(company, 'company.sig', { coverSignatures: true });
  expect(await verify(publisher, 'model.sig', first)).toEqual(['company.sig']);
  expect(await verify(company, 'company.sig', second)).toEqual([]);
  writeFileSync(join(model, 'model.sig'), `${first.toString()} `);
  expect(await verify(company, 'company.sig', second)).toEqual(['changed model.sig']);
});

test.each([
  ['something else', async () => Buffer.from('#!/bin/sh')],
  ['a bundle about other files', () => signElsewhere('other.bin')],
  ['a bundle about the same names with other contents', () => signElsewhere('config.json', 'weights.bin', 'sub/a.txt')],
])('%s under such a name is a file that was not signed', async (_name, make) => {
  const first = await sign(publisher, 'model.sig');
  writeFileSync(join(model, 'evil.sig'), await make());
  expect(await verify(publisher, 'model.sig', first)).toEqual(['extra evil.sig']);
});

test('only beside the files, never below them, and not when nothing may be ignored', async () => {
  const first = await sign(publisher, 'model.sig');
  const second = await sign(company, 'company.sig');
  expect(await verify(publisher, 'model.sig', first, { ignore: 'none' })).toEqual(['extra company.sig']);
  writeFileSync(join(model, 'sub/company.sig'), second);
  expect(await verify(publisher, 'model.sig', first)).toEqual(['extra sub/company.sig']);
});

test('a file of that name that is no signature is signed like any other', async () => {
  writeFileSync(join(model, 'vectors.sig'), 'weights too');
  const first = await sign(publisher, 'model.sig');
  writeFileSync(join(model, 'vectors.sig'), 'changed');
  expect(await verify(publisher, 'model.sig', first)).toEqual(['changed vectors.sig']);
});

async function signElsewhere(...files: readonly string[]): Promise<Buffer> {
  const other = join(folder, 'other');
  mkdirSync(join(other, 'sub'), { recursive: true });
  for (const file of files) writeFileSync(join(other, file), `another content of ${file}`);
  return Buffer.from((await signModel(other, company.seal)).bundle);
}
