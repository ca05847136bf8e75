import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { privateKeySigner } from '../../vault/private-key.ts';
import { keySeal } from '../signature/seal.ts';
import type { TrustPolicy } from '../signature/trust-policy.ts';
import { type ManifestOptions, signModel } from './sign-model.ts';
import { type VerifyOptions, verifyModel, verifySignature } from './verify-model.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const seal = keySeal(privateKeySigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), undefined, 'key'));
const policy: TrustPolicy = { keys: [{ publicKey, name: 'release' }] };

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

let model: string;
beforeEach(() => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cordon-oms-')));
  folders.push(folder);
  model = join(folder, 'model');
  for (const file of ['config.json', 'a/b.txt', 'a.txt', 'weights.bin']) write(file, `content of ${file}`);
});

function write(file: string, content: string): void {
  mkdirSync(join(model, file, '..'), { recursive: true });
  writeFileSync(join(model, file), content);
}

async function signed(options: ManifestOptions = {}): Promise<Buffer> {
  return Buffer.from((await signModel(model, seal, options)).bundle);
}

async function differences(bundle: Buffer, options: VerifyOptions = {}): Promise<string[]> {
  const verified = await verifyModel(model, bundle, policy, options);
  return verified.matches ? [] : verified.differences.map(({ kind, path }) => `${kind} ${path}`);
}

const VARIANTS: readonly ManifestOptions[] = [
  {},
  { hashType: 'blake2b' },
  { hashType: 'blake3' },
  { shardSize: 7 },
  { shardSize: 7, hashType: 'blake3' },
];

describe.each(VARIANTS)('signed with %j', (options) => {
  test('the signed model matches, and says who and what', async () => {
    const verified = await verifyModel(model, await signed(options), policy);
    expect(verified).toMatchObject({
      matches: true,
      signer: { method: 'key', name: 'release' },
      uncovered: [],
      manifest: { name: 'model' },
    });
  });

  test('every way of changing it is seen and named', async () => {
    const bundle = await signed(options);
    appendFileSync(join(model, 'weights.bin'), 'x');
    rmSync(join(model, 'a.txt'));
    write('new/file.py', 'x');
    symlinkSync('/etc/passwd', join(model, 'link'));
    expect(await differences(bundle)).toEqual(['missing a.txt', 'changed weights.bin', 'extra new/file.py', 'link link']);
  });
});

test('names sort by bytes, and the root digest follows the order in which they are listed', async () => {
  write('onnx/model.onnx', '1');
  write('onnx-fp16/model.onnx', '2');
  const { manifest } = await signModel(model, seal);
  expect(manifest.resources.map(({ path }) => path)).toEqual([
    'a.txt',
    'a/b.txt',
    'config.json',
    'onnx-fp16/model.onnx',
    'onnx/model.onnx',
    'weights.bin',
  ]);
});

describe('what the signer left out', () => {
  test('the documented defaults may exist, only at the top, and are named', async () => {
    const bundle = await signed();
    write('.git/HEAD', 'ref');
    write('.gitignore', '*');
    expect(await verifyModel(model, bundle, policy)).toMatchObject({ matches: true, uncovered: ['.git', '.gitignore'] });
    expect(await differences(bundle, { ignore: 'none' })).toEqual(['ignored .git/HEAD', 'ignored .gitignore']);
    write('a/.gitignore', '*');
    expect(await differences(bundle)).toEqual(['extra a/.gitignore']);
  });

  test('further paths count only when the verifier says so', async () => {
    write('notes/todo.txt', 'x');
    const bundle = await signed({ ignore: ['notes'] });
    expect(await differences(bundle)).toEqual(['ignored notes/todo.txt']);
    expect(await verifyModel(model, bundle, policy, { ignore: 'as-signed' })).toMatchObject({ matches: true, uncovered: ['notes'] });
  });

  test('the signature itself may lie inside', async () => {
    const bundle = await signed({ exclude: [join(model, 'model.sig')] });
    writeFileSync(join(model, 'model.sig'), bundle);
    expect(await differences(bundle, { signaturePath: join(model, 'model.sig') })).toEqual([]);
    expect(await verifyModel(model, bundle, policy)).toMatchObject({ matches: true, uncovered: ['model.sig'] });
    expect(await differences(bundle, { ignore: 'none' })).toEqual(['ignored model.sig']);
  });

  test('unsigned files are accepted when asked', async () => {
    const bundle = await signed();
    write('extra.txt', 'x');
    expect(await verifyModel(model, bundle, policy, { allowExtra: true })).toMatchObject({ matches: true, uncovered: ['extra.txt'] });
  });
});

test('links are refused by name, and followed to files when asked', async () => {
  writeFileSync(join(model, '..', 'outside'), 'x');
  symlinkSync('../outside', join(model, 'link'));
  await expect(signed()).rejects.toMatchObject({ code: 'model.unsignable', message: 'link is a symbolic link' });
  const bundle = await signed({ allowSymlinks: true });
  expect(await differences(bundle, { allowSymlinks: true })).toEqual([]);
  expect(await differences(bundle)).toEqual(['link link']);
});

test('empty folders and folders without files cannot be signed', async () => {
  rmSync(model, { recursive: true });
  mkdirSync(join(model, 'empty'), { recursive: true });
  await expect(signed()).rejects.toMatchObject({ code: 'model.unsignable' });
});

test('any change of a bundle is refused, or means the same', async () => {
  const bundle = await signed();
  const { manifest } = await verifySignature(bundle, policy);
  const change = fc.record({
    at: fc.nat(bundle.length - 1),
    byte: fc.integer({ min: 0, max: 255 }),
    kind: fc.constantFrom('set', 'insert', 'delete', 'cut'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      let bytes = bundle;
      for (const { at, byte, kind } of changes) {
        const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
        if (kind === 'cut') bytes = head;
        else
          bytes = Buffer.concat([head, kind === 'delete' ? Buffer.alloc(0) : Buffer.of(byte), kind === 'insert' ? tail : tail.subarray(1)]);
      }
      const result = await verifySignature(bytes, policy).catch((error: unknown) => error);
      if (result instanceof Error)
        expect(result).toMatchObject({ name: 'CordonError', code: expect.stringMatching(/^signature\./) as string });
      else expect(result).toMatchObject({ manifest });
    }),
    { numRuns: 2000 },
  );
});

test('any change of a file is seen', async () => {
  const bundle = await signed();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('config.json', 'a/b.txt', 'weights.bin'),
      fc.nat(10),
      fc.integer({ min: 1, max: 255 }),
      async (file, at, flip) => {
        const content = Buffer.from(`content of ${file}`);
        content.writeUInt8(content.readUInt8(at) ^ flip, at);
        writeFileSync(join(model, file), content);
        const found = await differences(bundle);
        writeFileSync(join(model, file), `content of ${file}`);
        expect(found).toEqual([`changed ${file}`]);
      },
    ),
    { numRuns: 100 },
  );
});
