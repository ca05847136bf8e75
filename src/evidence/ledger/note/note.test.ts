import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CordonError } from '../../../core/errors.ts';
import { checkpointBody, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { cosignedMessage, formatNote, parseNote, signatureOf, verifySignature } from './note.ts';
import { noteSigner, openSigner } from './signer.ts';
import { COSIGNATURE, parseVerifierKey, verifierKey } from './verifier-key.ts';

test('a note that another implementation made', () => {
  const key = parseVerifierKey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
  const text =
    'This is an example message.\n\n' +
    '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
  const note = parseNote(text);
  expect(verifySignature(key, note.body, signatureOf(note, key)!)).toBe(true);
  expect(verifySignature(key, 'This is another message.\n', signatureOf(note, key)!)).toBe(false);
  expect(formatNote(note)).toBe(text);
  expect(key.text).toBe('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
});

test('the checkpoint of the C2SP specification can be read', () => {
  const text =
    'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
    '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
    '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';
  const checkpoint = parseCheckpoint(text);
  expect([checkpoint.origin, checkpoint.size, checkpoint.note.signatures.length]).toEqual(['example.com/behind-the-sofa', 20_852_163, 2]);
  expect(checkpoint.note.signatures[1]!.bytes.readBigUInt64BE()).toBe(1_679_315_147n);
});

const seed = Buffer.alloc(32, 7);
const signer = noteSigner('example.com/log', seed);
const body = checkpointBody('example.com/log', 5, Buffer.alloc(32, 1));
const text = formatNote({ body, signatures: [signer.sign(body)] });

test('every changed character of a checkpoint is noticed', () => {
  expect(openCheckpoint(text, [signer.verifier]).size).toBe(5);
  fc.assert(
    fc.property(fc.nat({ max: text.length - 1 }), fc.constantFrom('A', '9', '\n', ' ', '—', '=', '+', 'B'), (at, letter) => {
      fc.pre(text[at] !== letter);
      expect(() => openCheckpoint(text.slice(0, at) + letter + text.slice(at + 1), [signer.verifier])).toThrow(CordonError);
    }),
    { numRuns: 1000 },
  );
});

test('keys that are not the ledger’s do not make a checkpoint', () => {
  const other = noteSigner('example.com/other', seed);
  expect(() => openCheckpoint(formatNote({ body, signatures: [other.sign(body)] }), [signer.verifier, other.verifier])).toThrow(
    'not signed by the key',
  );
  expect(() => openCheckpoint(text, [noteSigner('example.com/log', Buffer.alloc(32, 8)).verifier])).toThrow('not signed');
});

test('cosignatures of witnesses', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  const witness = verifierKey('witness.example/w', COSIGNATURE, raw);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(1_679_315_147n);
  const bytes = Buffer.concat([time, sign(null, cosignedMessage(body, 1_679_315_147n), privateKey)]);
  const signature = { name: witness.name, keyId: witness.id, bytes };
  expect(verifySignature(witness, body, signature)).toBe(true);
  time.writeBigUInt64BE(1_679_315_148n);
  expect(verifySignature(witness, body, { ...signature, bytes: Buffer.concat([time, bytes.subarray(8)]) })).toBe(false);
  expect(parseVerifierKey(witness.text).id).toEqual(witness.id);
});

test('what is no note is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (anything) => {
      try {
        parseCheckpoint(anything);
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
  );
  for (const wrong of ['a\n\n', 'a\n\n— b\n', 'a\n\n— b c\n', `${text}x`, text.slice(0, -1), `${text}\n`])
    expect(() => parseNote(wrong)).toThrow(CordonError);
  for (const wrong of ['', 'a+b', 'a+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k', 'a b+00000000+AAAA']) {
    expect(() => parseVerifierKey(wrong)).toThrow(CordonError);
  }
});

test('the key is made once, readable by its owner only', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-signer-'));
  const file = join(folder, 'keys', 'ledger.key');
  const made = await Promise.all(Array.from({ length: 5 }, () => openSigner({ file })));
  expect(new Set(made.map(({ verifier }) => verifier.text)).size).toBe(1);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  process.env['TEST_LEDGER_KEY'] = await readFile(file, 'utf8');
  expect((await openSigner({ file: join(folder, 'none'), env: 'TEST_LEDGER_KEY' })).verifier.text).toBe(made[0]!.verifier.text);
  delete process.env['TEST_LEDGER_KEY'];
  await writeFile(file, 'PRIVATE+KEY+x');
  await expect(openSigner({ file })).rejects.toThrow('PRIVATE+KEY+NAME');
  await rm(folder, { recursive: true });
});
