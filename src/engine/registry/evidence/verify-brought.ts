import { CordonError } from '../../../core/errors.ts';
import { verifyAttestation } from '../../../evidence/attestations/verify-attestation.ts';
import { resourceDifferences } from '../../../evidence/oms/differences.ts';
import { hashModel } from '../../../evidence/oms/hash-model.ts';
import type { Manifest, Resource } from '../../../evidence/oms/manifest.ts';
import { OMS_PREDICATE, readStatement } from '../../../evidence/oms/statement.ts';
import { readBundle } from '../../../evidence/signature/bundle.ts';
import type { TrustPolicy } from '../../../evidence/signature/trust-policy.ts';
import { signerText } from '../../../evidence/signature/verified.ts';
import { verifyBundle } from '../../../evidence/signature/verify-bundle.ts';
import type { RegistryContext } from '../context.ts';
import type { ManifestEntry } from '../manifest.ts';
import { omsManifest } from './views.ts';

/** An attestation that holds, about files that are here. */
export interface Brought {
  readonly signer: string;
  readonly predicateType: string;
  /** Root digest it names. */
  readonly subject: string;
}

type View = readonly ManifestEntry[];

/**
 * Verifies a bundle by this policy and that it is about one of these sets of files: a signature names exactly its files with their
 * digests, nothing missing and nothing more; another attestation names its root digest. Throws `signature.*`.
 */
export async function verifyBrought(
  context: RegistryContext,
  bytes: Uint8Array,
  policy: TrustPolicy,
  views: readonly View[],
): Promise<Brought> {
  if (predicateTypeOf(bytes) === OMS_PREDICATE) {
    const { payloadType, payload, signer } = await verifyBundle(bytes, policy);
    const signed = readStatement(payloadType, payload);
    await requireExactly(context, signed, views);
    return { signer: signerText(signer), predicateType: OMS_PREDICATE, subject: signed.rootDigest };
  }
  let mismatch: unknown;
  for (const view of views) {
    const manifest = omsManifest(view, '');
    try {
      const { signer, statement } = await verifyAttestation(bytes, policy, manifest);
      return { signer: signerText(signer), predicateType: statement.predicateType, subject: manifest.rootDigest };
    } catch (error) {
      if (!(error instanceof CordonError) || error.code !== 'signature.mismatch') throw error;
      mismatch ??= error;
    }
  }
  throw mismatch;
}

/** What a bundle says it is, unverified; empty when it says nothing. Throws `signature.malformed` for what is no bundle. */
export function predicateTypeOf(bytes: Uint8Array): string {
  const { payload } = readBundle(bytes);
  try {
    const { predicateType } = JSON.parse(payload.toString()) as { readonly predicateType?: unknown };
    return typeof predicateType === 'string' ? predicateType : '';
  } catch {
    return '';
  }
}

async function requireExactly(context: RegistryContext, signed: Manifest, views: readonly View[]): Promise<void> {
  let first = '';
  for (const view of views) {
    const [difference] = resourceDifferences(signed.resources, await resourcesOf(context, signed, view));
    if (difference === undefined) return;
    if (first === '') first = `${JSON.stringify(difference.path.slice(0, 200))} ${difference.message}`;
  }
  throw new CordonError('signature.mismatch', `the signature is not about exactly these files: ${first}`);
}

/** The files as the signer described them. Why bytes are read for other hashes only: SHA-256 of whole files is what names them here. */
async function resourcesOf(context: RegistryContext, { serialization, resources }: Manifest, view: View): Promise<readonly Resource[]> {
  const { method, hashType, shardSize } = serialization;
  if (method === 'files' && hashType === 'sha256') return view.map(({ path, sha256 }) => ({ path, digest: sha256 }));
  const paths = new Set(resources.map(({ path }) => path));
  // Why before hashing: gigabytes are not read for a signature that names other files.
  const unsigned = view.filter(({ path, size }) => !paths.has(path) && !(method === 'shards' && size === 0));
  if (unsigned.length > 0) return view.map(({ path, sha256 }) => ({ path, digest: sha256 }));
  const files = [];
  for (const { path, sha256, size } of view) files.push({ path, absolute: await context.blobs.localPath(sha256), size });
  const hashed = await hashModel(files, { hashType, allowSymlinks: false, ...(shardSize !== undefined && { shardSize }) });
  const [failure] = hashed.failures;
  if (failure !== undefined) throw new CordonError('storage.unavailable', `${failure.path}: ${failure.message}`);
  return hashed.resources;
}
