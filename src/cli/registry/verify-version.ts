import { isExpired } from '../../evidence/attestations/gate-result.ts';
import { verifyAttestation } from '../../evidence/attestations/verify-attestation.ts';
import { resourceDifferences } from '../../evidence/oms/differences.ts';
import { DEFAULT_IGNORED, type Manifest } from '../../evidence/oms/manifest.ts';
import { OMS_PREDICATE, rootDigest } from '../../evidence/oms/statement.ts';
import { verifySignature } from '../../evidence/oms/verify-model.ts';
import type { TrustPolicy } from '../../evidence/signature/trust-policy.ts';
import { signerText } from '../../evidence/signature/verified.ts';
import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { readPublicKey } from '../../vault/ec-key.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { type TrustFlags, trustOf } from '../signing/trust-options.ts';
import type { AttestationAnswer } from './attestations.ts';
import { Client, type ServerFlags } from './client.ts';
import { parseTarget, revisionPath } from './target.ts';

interface VerifyVersionFlags extends ServerFlags, TrustFlags {
  readonly json?: boolean;
}

interface RevisionAnswer {
  readonly manifest: string;
  readonly admission: string;
  readonly reason: string;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * `cordon verify NAME@VERSION`: verifies here, not there, what signatures and attestations a registry has about a version. Without
 * trust of your own those of the registry's published keys count. 0 when a signature over exactly these files verifies.
 */
export async function verifyVersionCommand(name: string, flags: VerifyVersionFlags, io: Io): Promise<number> {
  const client = new Client(flags, io);
  const path = revisionPath(parseTarget(name));
  const revision = await client.get<RevisionAnswer>(path);
  const kept = await client.get<readonly AttestationAnswer[]>(`${path}/attestations?bundles=true`);
  const own = hasTrust(flags) ? undefined : await publishedKeys(client);
  const policy = own ?? (await trustOf(flags, io));
  const model = modelOf(revision, printable(name));
  const results = [];
  for (const one of kept) results.push({ ...one, bundle: undefined, ...(await verdictOn(one, policy, model)) });
  const isSigned = results.some(({ verified, predicateType }) => verified !== null && predicateType === OMS_PREDICATE);
  const isServed = revision.admission === 'admitted';
  if (flags.json === true)
    io.stdout.write(
      `${JSON.stringify({ verified: isSigned && isServed, admission: revision.admission, attestations: results }, null, 2)}\n`,
    );
  else {
    io.stdout.write(
      `${isSigned && isServed ? 'verified' : 'NOT VERIFIED'} ${printable(name)}: ${revision.files.length} files, root digest ${model.rootDigest}\n`,
    );
    if (!isServed) io.stdout.write(`  it is ${revision.admission}: ${printable(revision.reason)}\n`);
    if (own !== undefined) io.stdout.write('  by the keys that the registry itself publishes; give --key or --trust to rely on your own\n');
    for (const { predicateType, verified, problem } of results)
      io.stdout.write(
        `  ${printable(predicateType)}: ${verified === null ? `does not count: ${printable(problem)}` : printable(verified)}\n`,
      );
  }
  return isSigned && isServed ? EXIT.allowed : EXIT.denied;
}

async function verdictOn(
  { bundle = '', predicateType }: AttestationAnswer,
  policy: TrustPolicy,
  model: Manifest,
): Promise<{ readonly verified: string | null; readonly problem: string }> {
  try {
    const bytes = Buffer.from(bundle);
    if (predicateType !== OMS_PREDICATE) {
      const { signer, statement } = await verifyAttestation(bytes, policy, model);
      if (isExpired(statement.predicate, new Date())) return { verified: null, problem: 'it has expired' };
      return { verified: signerText(signer), problem: '' };
    }
    const { signer, manifest } = await verifySignature(bytes, policy);
    const signed = new Set(manifest.resources.map((resource) => resource.path));
    // As for a folder: version control files may be left out, and a signature that lies beside the files cannot cover itself.
    const mayBeUnsigned = (path: string): boolean =>
      DEFAULT_IGNORED.some((ignored) => path === ignored || path.startsWith(`${ignored}/`)) || path === 'model.sig';
    const found = model.resources.filter(({ path }) => signed.has(path) || !mayBeUnsigned(path));
    const [difference] = resourceDifferences(manifest.resources, found);
    if (difference !== undefined) return { verified: null, problem: `${difference.path} ${difference.message}` };
    return { verified: signerText(signer), problem: '' };
  } catch (error) {
    if (error instanceof CordonError && error.code.startsWith('signature.')) return { verified: null, problem: error.message };
    throw error;
  }
}

function modelOf({ files }: RevisionAnswer, name: string): Manifest {
  const resources = files.map(({ path, sha256 }) => ({ path, digest: sha256 }));
  const serialization = { method: 'files', hashType: 'sha256', allowSymlinks: false, ignorePaths: [] } as const;
  return { name, rootDigest: rootDigest(resources), serialization, resources };
}

async function publishedKeys(client: Client): Promise<TrustPolicy> {
  const keys = await client.get<readonly { publicKey: string; revoked: boolean }[]>('/signing-keys');
  return {
    keys: keys
      .filter(({ revoked }) => !revoked)
      .map(({ publicKey }) => ({ publicKey: readPublicKey(publicKey, 'key of the registry'), name: 'registry' })),
  };
}

function hasTrust({ trust, key = [], authority = [], identity }: TrustFlags): boolean {
  return trust !== undefined || key.length > 0 || authority.length > 0 || identity !== undefined;
}
