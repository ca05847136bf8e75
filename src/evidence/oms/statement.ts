import { createHash } from 'node:crypto';
import * as z from 'zod';
import { MAX_BUNDLE_BYTES } from '../signature/bundle.ts';
import { malformedSignature, readStrictJson } from '../signature/strict-json.ts';
import { DIGEST_BYTES, HASH_TYPES, type Manifest, type Resource, type Serialization } from './manifest.ts';
import { checkName, SINGLE_FILE } from './names.ts';

/** DSSE payload type of in-toto statements. */
export const IN_TOTO_PAYLOAD = 'application/vnd.in-toto+json';
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** Predicate type of OMS 1.0. */
export const OMS_PREDICATE = 'https://model_signing/signature/v1.0';

/** Why: more than a million resources do not fit the bundle either. */
const MAX_RESOURCES = 1_000_000;
const hexText = (bytes: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`), `is no digest of ${bytes} bytes`);
const Digest = z.string().regex(/^([0-9a-f]{64}|[0-9a-f]{128})$/, 'is no digest');

const StatementJson = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z
    .array(z.strictObject({ name: z.string().max(4096), digest: z.strictObject({ sha256: hexText(32) }) }))
    .length(1, 'must be exactly one'),
  predicateType: z.literal(OMS_PREDICATE),
  predicate: z.strictObject({
    resources: z
      .array(z.strictObject({ name: z.string(), digest: Digest, algorithm: z.string().max(100) }))
      .min(1, 'must name at least one file')
      .max(MAX_RESOURCES),
    serialization: z.strictObject({
      method: z.enum(['files', 'shards']),
      hash_type: z.enum(HASH_TYPES),
      shard_size: z.int().min(1).optional(),
      allow_symlinks: z.boolean().default(false),
      ignore_paths: z.array(z.string().max(4096)).max(10_000).default([]),
    }),
  }),
});

/** The root digest: SHA-256 over the raw digests in their order, whatever hash the resources use. */
export function rootDigest(resources: readonly Pick<Resource, 'digest'>[]): string {
  const hash = createHash('sha256');
  for (const { digest } of resources) hash.update(digest, 'hex');
  return hash.digest('hex');
}

/** The in-toto statement of a manifest, as bytes to sign. */
export function statementOf({ name, rootDigest: root, serialization, resources }: Manifest): Buffer {
  const { method, hashType, shardSize, allowSymlinks, ignorePaths } = serialization;
  return Buffer.from(
    JSON.stringify({
      _type: STATEMENT_TYPE,
      subject: [{ name, digest: { sha256: root } }],
      predicateType: OMS_PREDICATE,
      predicate: {
        resources: resources.map(({ path, start, end, digest }) => ({
          name: start === undefined || end === undefined ? path : `${path}:${start}:${end}`,
          digest,
          algorithm: hashType,
        })),
        serialization: {
          method,
          hash_type: hashType,
          ...(shardSize !== undefined && { shard_size: shardSize }),
          allow_symlinks: allowSymlinks,
          ignore_paths: ignorePaths,
        },
      },
    }),
  );
}

/**
 * Reads the statement of a verified payload: strict, with the root digest taken over the resources in the order they are listed.
 * Why never sorted: the specification and the reference implementation sort differently.
 */
export function readStatement(payloadType: string, payload: Uint8Array): Manifest {
  if (payloadType !== IN_TOTO_PAYLOAD) throw malformedSignature(`the payload is ${payloadType.slice(0, 100)} and no in-toto statement`);
  const { subject, predicate } = readStrictJson(payload, StatementJson, 'the statement', MAX_BUNDLE_BYTES);
  const [{ name, digest } = { name: '', digest: { sha256: '' } }] = subject;
  const serialization = serializationOf(predicate.serialization);
  const resources = predicate.resources.map((resource) => resourceOf(resource, serialization));
  refuseOverlaps(resources, serialization);
  const root = rootDigest(resources);
  if (root !== digest.sha256) throw malformedSignature(`the root digest is ${digest.sha256}, but the resources give ${root}`);
  return { name, rootDigest: root, serialization, resources };
}

function serializationOf(json: z.infer<typeof StatementJson>['predicate']['serialization']): Serialization {
  const { method, hash_type: hashType, shard_size: shardSize } = json;
  if ((method === 'shards') !== (shardSize !== undefined))
    throw malformedSignature(`the method ${method} ${shardSize ? 'has no' : 'needs a'} shard_size`);
  return {
    method,
    hashType,
    ...(shardSize !== undefined && { shardSize }),
    allowSymlinks: json.allow_symlinks,
    ignorePaths: json.ignore_paths,
  };
}

function resourceOf(json: { name: string; digest: string; algorithm: string }, { method, hashType, shardSize }: Serialization): Resource {
  const { name, digest, algorithm } = json;
  // The reference implementation writes the second spelling for shards and refuses the first, which is the specified one.
  if (algorithm !== hashType && !(method === 'shards' && algorithm === `${hashType}-sharded-${shardSize}`))
    throw malformedSignature(`the resource ${JSON.stringify(name.slice(0, 200))} has the algorithm ${algorithm} and not ${hashType}`);
  if (digest.length !== DIGEST_BYTES[hashType] * 2)
    throw malformedSignature(`the digest of ${JSON.stringify(name.slice(0, 200))} has another length than ${hashType}`);
  if (method === 'files') {
    if (name !== SINGLE_FILE) checkName(name);
    return { path: name, digest };
  }
  // From the right: names may have colons.
  const [, path = '', start = '', end = ''] = /^(.+):(0|[1-9]\d{0,15}):([1-9]\d{0,15})$/s.exec(name) ?? [];
  if (path === '') throw malformedSignature(`the resource ${JSON.stringify(name.slice(0, 200))} names no shard`);
  if (path !== SINGLE_FILE) checkName(path);
  return { path, start: Number(start), end: Number(end), digest };
}

/** Every file once; shards of a file cover it from its start, in steps of the shard size, without gaps. Files of shards are complete up to the last. */
function refuseOverlaps(resources: readonly Resource[], { method, shardSize = 0 }: Serialization): void {
  const paths = new Set(resources.map(({ path }) => path));
  if (paths.has(SINGLE_FILE) && paths.size > 1) throw malformedSignature('the model is one file and a folder at once');
  if (method === 'files') {
    if (paths.size !== resources.length) throw malformedSignature('a file is listed twice');
    return;
  }
  for (const [path, parts] of grouped(resources)) {
    const ordered = [...parts].sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
    const isWhole = ordered.every(({ start = 0, end = 0 }, index) => {
      const isLast = index === ordered.length - 1;
      return start === index * shardSize && (isLast ? end > start && end <= start + shardSize : end === start + shardSize);
    });
    if (!isWhole) throw malformedSignature(`the shards of ${JSON.stringify(path.slice(0, 200))} do not cover it exactly once`);
  }
}

function grouped(resources: readonly Resource[]): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const group = groups.get(resource.path);
    if (group === undefined) groups.set(resource.path, [resource]);
    else group.push(resource);
  }
  return groups;
}
