import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { signModel } from '../../src/evidence/oms/sign-model.ts';
import { verifyModel } from '../../src/evidence/oms/verify-model.ts';
import { certificateSeal, keySeal } from '../../src/evidence/signature/seal.ts';
import type { TrustPolicy } from '../../src/evidence/signature/trust-policy.ts';
import { privateKeySigner } from '../../src/vault/private-key.ts';
import { makeChain } from '../makers/x509.ts';
import { modelSigningTool, runTool } from './model-signing-tool.ts';

const { program, reason } = modelSigningTool();
if (reason !== undefined) console.warn(`skipped: ${reason}`);

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A model with what trips implementations: order, empty files, colons, spaces, Unicode. */
function makeModel(): { folder: string; model: string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cordon-interop-')));
  folders.push(folder);
  const model = join(folder, 'model');
  const files = [
    'config.json',
    'onnx/model.onnx',
    'onnx-fp16/model.onnx',
    'a/b',
    'a.txt',
    'Ünïcode 日本.bin',
    'deep/er/er/w.bin',
    '.gitignore',
    '.git/HEAD',
    'sub/.gitignore',
  ];
  for (const file of files) {
    mkdirSync(join(model, file, '..'), { recursive: true });
    writeFileSync(join(model, file), `content of ${file}\n`);
  }
  writeFileSync(join(model, 'empty'), '');
  writeFileSync(join(model, 'weights.bin'), Buffer.alloc(2_500_000, 7));
  return { folder, model };
}

interface Method {
  readonly sign: string[];
  readonly verify: string[];
  readonly seal: ReturnType<typeof keySeal>;
  readonly policy: TrustPolicy;
}

function keyMethod(folder: string, namedCurve: string): Method {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(join(folder, 'key'), pem);
  writeFileSync(join(folder, 'key.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  return {
    sign: ['key', '--private_key', join(folder, 'key')],
    verify: ['key', '--public_key', join(folder, 'key.pub')],
    seal: keySeal(privateKeySigner(pem, undefined, 'key')),
    policy: { keys: [{ publicKey, name: 'test' }] },
  };
}

function certificateMethod(folder: string, namedCurve: string): Method {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve });
  const { root, middle, leaf } = makeChain({ key: privateKey });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const write = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const chain = [leaf, middle, root].map(({ certificate }) => certificate);
  return {
    sign: [
      'certificate',
      '--private_key',
      write('key', pem),
      '--signing_certificate',
      write('leaf.pem', leaf.certificate.toString()),
      '--certificate_chain',
      write('middle.pem', middle.certificate.toString()),
    ],
    verify: ['certificate', '--certificate_chain', write('root.pem', root.certificate.toString())],
    seal: certificateSeal(privateKeySigner(pem, undefined, 'key'), chain.slice(0, 2)),
    policy: { authorities: [root.certificate] },
  };
}

const METHODS = { key: keyMethod, certificate: certificateMethod };
const cases = ['key', 'certificate'].flatMap((method) =>
  ['prime256v1', 'secp384r1', 'secp521r1'].map((curve) => [method as keyof typeof METHODS, curve] as const),
);

describe.skipIf(program === undefined)('the reference implementation and Cordon agree', () => {
  const tool = (args: readonly string[]) => runTool(program ?? '', args);

  test.each(cases)('%s %s: what Cordon signs, it verifies, and it sees tampering', async (name, curve) => {
    const { folder, model } = makeModel();
    const method = METHODS[name](folder, curve);
    const signature = join(folder, 'model.sig');
    writeFileSync(signature, (await signModel(model, method.seal)).bundle);
    const verify = ['verify', ...method.verify, '--signature', signature, model];
    expect(tool(verify)).toMatchObject({ ok: true });
    appendFileSync(join(model, 'a/b'), 'x');
    expect(tool(verify)).toMatchObject({ ok: false });
  });

  test.each(cases)('%s %s: what it signs, Cordon verifies, and Cordon sees tampering', async (name, curve) => {
    const { folder, model } = makeModel();
    const method = METHODS[name](folder, curve);
    const signature = join(folder, 'model.sig');
    expect(tool(['sign', ...method.sign, '--signature', signature, model])).toMatchObject({ ok: true });
    const bundle = readFileSync(signature);
    expect(await verifyModel(model, bundle, method.policy)).toMatchObject({ matches: true });
    appendFileSync(join(model, 'a/b'), 'x');
    expect(await verifyModel(model, bundle, method.policy)).toMatchObject({
      matches: false,
      differences: [{ kind: 'changed', path: 'a/b' }],
    });
  });

  test('a single file, both ways', async () => {
    const { folder, model } = makeModel();
    const method = keyMethod(folder, 'prime256v1');
    const signature = join(folder, 'w.sig');
    const file = join(model, 'weights.bin');
    writeFileSync(signature, (await signModel(file, method.seal)).bundle);
    expect(tool(['verify', ...method.verify, '--signature', signature, file])).toMatchObject({ ok: true });
    expect(tool(['sign', ...method.sign, '--signature', signature, file])).toMatchObject({ ok: true });
    expect(await verifyModel(file, readFileSync(signature), method.policy)).toMatchObject({ matches: true });
  });
});
