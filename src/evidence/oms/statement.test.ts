import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { privateKeySigner } from '../../vault/private-key.ts';
import { keySeal } from '../signature/seal.ts';
import { IN_TOTO_PAYLOAD, OMS_PREDICATE, STATEMENT_TYPE } from './statement.ts';
import { verifySignature } from './verify-model.ts';

/**
 * Vectors made from the rules of the specification: every invalid one is signed by a trusted key, so that only the rule itself can
 * refuse it.
 */
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
const seal = keySeal(privateKeySigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), undefined, 'key'));

interface Resource {
  name: string;
  digest: string;
  algorithm: string;
  [field: string]: unknown;
}

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const resource = (name: string, algorithm = 'sha256', digest = sha(name)): Resource => ({ name, digest, algorithm });

function statement(resources: readonly Resource[], serialization: object = { method: 'files', hash_type: 'sha256' }, root?: string) {
  const hash = createHash('sha256');
  for (const { digest } of resources) hash.update(digest, 'hex');
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: 'm', digest: { sha256: root ?? hash.digest('hex') } }] as object[],
    predicateType: OMS_PREDICATE,
    predicate: { resources, serialization } as Record<string, unknown>,
  };
}

async function verdict(payload: string, type = IN_TOTO_PAYLOAD): Promise<string> {
  const bundle = Buffer.from(await seal(type, Buffer.from(payload)));
  const policy = { keys: [{ publicKey, name: 'test' }] };
  return verifySignature(bundle, policy).then(
    () => 'valid',
    (error: unknown) => (error as { code: string }).code,
  );
}

const shards = { method: 'shards', hash_type: 'sha256', shard_size: 10 };
const full = { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: ['.git'] };
const valid = statement([resource('a'), resource('b/c')], full);

describe('valid', () => {
  test.each([
    ['files', valid],
    ['files without optional fields', statement([resource('a')])],
    ['in an order that is not sorted', statement([resource('b'), resource('a')])],
    ['names with colons, spaces and other scripts', statement([resource('a:0:1'), resource('ü 日本'), resource('..a'), resource('a..')])],
    ['one file', statement([resource('.')])],
    ['blake2b', statement([resource('a', 'blake2b', 'ab'.repeat(64))], { method: 'files', hash_type: 'blake2b' })],
    ['blake3', statement([resource('a', 'blake3')], { method: 'files', hash_type: 'blake3' })],
    ['shards', statement([resource('a:0:10'), resource('a:10:13'), resource('b:0:10')], shards)],
    ['shards out of order', statement([resource('a:10:13'), resource('a:0:10')], shards)],
    ['shards of a name with colons', statement([resource('a:b:0:10')], shards)],
    ['shards as the reference implementation names them', statement([resource('a:0:10', 'sha256-sharded-10')], shards)],
  ])('%s', async (_name, json) => {
    expect(await verdict(JSON.stringify(json))).toBe('valid');
  });
});

describe('invalid', () => {
  const cases: readonly (readonly [string, object])[] = [
    ['another statement type', { ...valid, _type: 'https://in-toto.io/Statement/v0.1' }],
    ['another predicate type', { ...valid, predicateType: 'https://model_signing/Digests/v0.1' }],
    ['no subject', { ...valid, subject: [] }],
    ['two subjects', { ...valid, subject: [...valid.subject, ...valid.subject] }],
    ['a subject with another hash', { ...valid, subject: [{ name: 'm', digest: { sha512: '00'.repeat(64) } }] }],
    ['a root digest of other resources', statement([resource('a')], full, sha('other'))],
    [
      'a root digest in sorted order',
      statement([resource('b'), resource('a')], full, statement([resource('a'), resource('b')]).subject.length ? sha('x') : ''),
    ],
    ['no resource', statement([])],
    ['a file twice', statement([resource('a'), resource('a')])],
    ['a resource with a field nobody knows', statement([{ ...resource('a'), size: 3 }])],
    ['a predicate with a field nobody knows', { ...valid, predicate: { ...valid.predicate, note: 'x' } }],
    ['an upper-case digest', statement([resource('a', 'sha256', sha('a').toUpperCase())])],
    ['a short digest', statement([resource('a', 'sha256', 'ab')])],
    ['a digest as long as another hash', statement([resource('a', 'sha256', 'ab'.repeat(64))])],
    ['an algorithm that is not the declared one', statement([resource('a', 'blake3')])],
    ['an unknown hash', statement([resource('a', 'md5')], { method: 'files', hash_type: 'md5' })],
    ['an unknown method', statement([resource('a')], { method: 'tensors', hash_type: 'sha256' })],
    ['files with a shard size', statement([resource('a')], { ...shards, method: 'files' })],
    ['shards without a size', statement([resource('a:0:10')], { method: 'shards', hash_type: 'sha256' })],
    ['a shard with a gap before it', statement([resource('a:0:10'), resource('a:20:30')], shards)],
    ['a shard without its start', statement([resource('a:10:20')], shards)],
    ['overlapping shards', statement([resource('a:0:10'), resource('a:5:15')], shards)],
    ['the same shard twice', statement([resource('a:0:10'), resource('a:0:10')], shards)],
    ['a short shard in the middle', statement([resource('a:0:9'), resource('a:9:19')], shards)],
    ['a shard longer than the size', statement([resource('a:0:11')], shards)],
    ['an empty shard', statement([resource('a:0:0')], shards)],
    ['a shard with numbers in another spelling', statement([resource('a:00:10')], shards)],
    ['a file among shards', statement([resource('a')], shards)],
    ['one file that is also a folder', statement([resource('.'), resource('a')])],
    ...['', '/etc/passwd', '../a', 'a/../b', 'a/..', './a', 'a//b', 'a/', 'a\0b', '..', '\ud800'].map((name): readonly [string, object] => [
      `the name ${JSON.stringify(name)}`,
      statement([resource(name)]),
    ]),
  ];
  test.each(cases)('%s', async (_name, json) => {
    expect(await verdict(JSON.stringify(json))).toBe('signature.malformed');
  });

  test.each([
    ['another payload type', JSON.stringify(valid), 'application/json'],
    ['no JSON', 'x', IN_TOTO_PAYLOAD],
    ['more after the end', `${JSON.stringify(valid)}{}`, IN_TOTO_PAYLOAD],
    ['a key twice', JSON.stringify(valid).replace('{', '{"_type":"https://in-toto.io/Statement/v1",'), IN_TOTO_PAYLOAD],
    ['nesting without end', '['.repeat(100_000), IN_TOTO_PAYLOAD],
  ])('%s', async (_name, payload, type) => {
    expect(await verdict(payload, type)).toBe('signature.malformed');
  });
});
