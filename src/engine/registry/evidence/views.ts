import { buffer } from 'node:stream/consumers';
import { DEFAULT_IGNORED, type Manifest } from '../../../evidence/oms/manifest.ts';
import { readStatement } from '../../../evidence/oms/statement.ts';
import { readBundle } from '../../../evidence/signature/bundle.ts';
import type { RegistryContext } from '../context.ts';
import { type ManifestEntry, omsDigest, sortedByPath } from '../manifest.ts';

/** Why: signatures of models are small, and every one is read when a revision is admitted. */
const SIGNATURE_BYTES = 32 * 1024 * 1024;
const SIGNATURES_AT_MOST = 20;
const IGNORED: readonly string[] = DEFAULT_IGNORED;

/** A signature that is itself a file of the revision. */
export interface SignatureFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** The files at the top that are OMS bundles, such as `model.sig`. */
export async function signatureFiles(context: RegistryContext, entries: readonly ManifestEntry[]): Promise<readonly SignatureFile[]> {
  const named = entries.filter(({ path, size }) => /^[^/]+\.sig$/.test(path) && size <= SIGNATURE_BYTES).slice(0, SIGNATURES_AT_MOST);
  const found: SignatureFile[] = [];
  for (const { path, sha256 } of named) {
    const bytes = await buffer(await context.blobs.read(sha256));
    if (isBundle(bytes)) found.push({ path, bytes });
  }
  return found;
}

/**
 * The sets of files that a signature or an attestation about a revision may mean: all of them; without the version control files
 * that OMS leaves out; each also without a signature that lies beside the files, because it cannot cover itself, without all of
 * these, and without those that `bundle` does not name, because they came later.
 */
export function viewsOf(
  entries: readonly ManifestEntry[],
  signatures: readonly SignatureFile[],
  bundle: Uint8Array,
): readonly (readonly ManifestEntry[])[] {
  const sorted = sortedByPath(entries);
  const wholes = [sorted, sorted.filter(({ path }) => !IGNORED.includes(path.split('/', 1)[0] ?? ''))];
  const paths = signatures.map(({ path }) => path);
  const named = namesIn(bundle);
  const without = [[], ...paths.map((path) => [path]), paths, paths.filter((path) => !named.has(path))];
  const distinct = [...new Map(without.map((left) => [left.join('\n'), new Set(left)])).values()];
  return distinct.flatMap((left) => wholes.map((files) => files.filter(({ path }) => !left.has(path)))).filter((files) => files.length > 0);
}

/** Files that a signature names, before anybody has verified it: it says which set is compared, and nothing else. */
function namesIn(bundle: Uint8Array): ReadonlySet<string> {
  try {
    const { payloadType, payload } = readBundle(bundle);
    return new Set(readStatement(payloadType, payload).resources.map(({ path }) => path));
  } catch {
    return new Set();
  }
}

/** A set of stored files as OMS describes it. */
export function omsManifest(entries: readonly ManifestEntry[], name: string): Manifest {
  const sorted = sortedByPath(entries);
  return {
    name,
    rootDigest: omsDigest(sorted),
    serialization: { method: 'files', hashType: 'sha256', allowSymlinks: false, ignorePaths: [] },
    resources: sorted.map(({ path, sha256 }) => ({ path, digest: sha256 })),
  };
}

function isBundle(bytes: Uint8Array): boolean {
  try {
    readBundle(bytes);
    return true;
  } catch {
    return false;
  }
}
