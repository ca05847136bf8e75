import * as z from 'zod';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Manifest } from '../oms/manifest.ts';
import { STATEMENT_TYPE } from '../oms/statement.ts';
import { readStrictJson } from '../signature/strict-json.ts';

/** Why 32 MiB: digests of 200,000 files and a predicate of a few megabytes. Larger results are attached by digest. */
const MAX_STATEMENT_BYTES = 32 * 1024 * 1024;
const MAX_SUBJECTS = 200_000;

const Subject = z.object({
  name: z.string().max(4096).optional(),
  uri: z.string().max(4096).optional(),
  digest: z.record(z.string().max(40), z.string().regex(/^[0-9a-f]{8,256}$/, 'is no hexadecimal digest')),
});

/** An in-toto statement: what is said (`predicate`, of a named type) about which artifacts (`subject`, by digest). */
export const Statement = z.object({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(Subject).min(1, 'must name at least one artifact').max(MAX_SUBJECTS),
  predicateType: z.string().min(1).max(2000),
  predicate: z.record(z.string(), z.json()),
});
export type Statement = z.infer<typeof Statement>;

/** A statement about a model: its root digest first, then every file, so that any of them finds it. */
export function statementAbout(manifest: Manifest, predicateType: string, predicate: object): Statement {
  const files = manifest.serialization.method === 'files' && manifest.serialization.hashType === 'sha256' ? manifest.resources : [];
  return {
    _type: STATEMENT_TYPE,
    subject: [
      { name: manifest.name, digest: { sha256: manifest.rootDigest } },
      ...files.map(({ path, digest }) => ({ name: path === '.' ? manifest.name : path, digest: { sha256: digest } })),
    ],
    predicateType,
    predicate: predicate as Statement['predicate'],
  };
}

/** The bytes to sign: the same statement always gives the same. */
export function statementBytes(statement: Statement): Buffer {
  return Buffer.from(canonicalJson(statement));
}

/** Reads a verified payload, bounded. Unknown fields are kept: in-toto wants parsers to put up with them. Throws `signature.malformed`. */
export function readAttestation(payload: Uint8Array): Statement {
  return readStrictJson(payload, Statement, 'the statement', MAX_STATEMENT_BYTES);
}
