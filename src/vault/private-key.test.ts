import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { curveOf, CURVE_NAMES, keyFingerprint, readPublicKey, verifyEcdsa } from './ec-key.ts';
import { openSigner } from './open-signer.ts';
import { generateKey, privateKeySigner } from './private-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-key-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const data = Buffer.from('to sign');

test.each(CURVE_NAMES)('%s: made, kept in a file with a passphrase, opened, used', async (curve) => {
  const { privatePem, publicPem } = generateKey(curve, 'correct horse');
  const file = join(folder, curve);
  writeFileSync(file, privatePem);
  writeFileSync(`${file}.pass`, 'correct horse\n');
  const signer = await openSigner(file, {}, `${file}.pass`);
  const publicKey = readPublicKey(publicPem, 'pub');
  expect([curveOf(publicKey).name, keyFingerprint(signer.publicKey)]).toEqual([curve, keyFingerprint(publicKey)]);
  expect(verifyEcdsa(publicKey, data, await signer.sign(data))).toBe(true);
  expect(verifyEcdsa(publicKey, Buffer.from('other'), await signer.sign(data))).toBe(false);
  const fromVariable = await openSigner('env:KEY', { KEY: privatePem, CORDON_KEY_PASSPHRASE: 'correct horse' });
  expect(keyFingerprint(fromVariable.publicKey)).toBe(keyFingerprint(publicKey));
});

test('what cannot sign is refused, and neither key nor passphrase is repeated', async () => {
  const { privatePem } = generateKey('P-256', 'correct horse');
  const refused = { code: 'key.invalid' };
  expect(() => privateKeySigner(privatePem, undefined, 'k')).toThrow(/no passphrase/);
  expect(() => privateKeySigner(privatePem, 'wrong horse', 'k')).toThrow(/^k: the passphrase is wrong$/);
  expect(() => privateKeySigner('-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----', undefined, 'k')).toThrow(
    /^k is no private key in PEM$/,
  );
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const pem of [rsa, other]) expect(() => privateKeySigner(pem, undefined, 'k')).toThrow(/signatures use P-256, P-384, P-521/);
  await expect(openSigner('env:NOTHING', {})).rejects.toMatchObject(refused);
  await expect(openSigner(join(folder, 'absent'), {})).rejects.toMatchObject(refused);
  await expect(openSigner('s3://x', {})).rejects.toMatchObject({ code: 'usage.invalid' });
  await expect(openSigner('hashivault://x', {})).rejects.toMatchObject({ code: 'usage.invalid' });
});
