import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { TrustPolicy } from '../signature/trust-policy.ts';
import type { SigningTime, VerifiedSigner } from '../signature/verified.ts';
import { verifyBundle } from '../signature/verify-bundle.ts';
import { type Difference, resourceDifferences } from './differences.ts';
import { hashModel } from './hash-model.ts';
import { listFiles, type ModelFile } from './list-files.ts';
import { DEFAULT_IGNORED, type Manifest } from './manifest.ts';
import { isAboutTheSame, signaturesAmong } from './other-signatures.ts';
import { readStatement } from './statement.ts';

export interface VerifyOptions {
  /** The signature file, where it lies inside the model: it is no part of it. */
  readonly signaturePath?: string;
  /**
   * Which unsigned paths may exist: those OMS documents (`.git` and the like) and other signatures of the same files (the default), none, or all that the signer chose to
   * leave out. Why not the last by default: the signer decides then what a verifier does not look at.
   */
  readonly ignore?: 'defaults' | 'none' | 'as-signed';
  /** Accept files that were not signed. */
  readonly allowExtra?: boolean;
  /** Follow links to files, as caches of models need it. The content is compared either way. */
  readonly allowSymlinks?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Who signed, when, and what: the signature holds. */
export interface VerifiedSignature {
  readonly signer: VerifiedSigner;
  readonly time: SigningTime;
  readonly manifest: Manifest;
}

/** Whether the model is exactly what was signed; if not, all the reasons. */
export type VerifiedModel = VerifiedSignature &
  (
    | {
        readonly matches: true;
        /** Existing paths that the signature does not cover and that were accepted. */
        readonly uncovered: readonly string[];
      }
    | { readonly matches: false; readonly differences: readonly Difference[] }
  );

/** Verifies who signed and what, without looking at any file. Throws `signature.*`. */
export async function verifySignature(bundle: Uint8Array, policy: TrustPolicy): Promise<VerifiedSignature> {
  const { payloadType, payload, signer, time } = await verifyBundle(bundle, policy);
  return { signer, time, manifest: readStatement(payloadType, payload) };
}

/** Verifies a bundle and that a model is exactly what it covers. Throws `signature.*` when the signature itself does not hold. */
export async function verifyModel(
  model: string,
  bundle: Uint8Array,
  policy: TrustPolicy,
  options: VerifyOptions = {},
): Promise<VerifiedModel> {
  const verified = await verifySignature(bundle, policy);
  const { resources, serialization } = verified.manifest;
  const { allowSymlinks = false, onProgress } = options;
  const own = options.signaturePath === undefined ? [] : await inside(model, options.signaturePath);
  const ignore = new Set([...ignoredPaths(options.ignore ?? 'defaults', serialization.ignorePaths), ...own]);
  // Why: a name that was signed is never left out, whatever it is called.
  for (const { path } of resources) for (const part of prefixes(path)) ignore.delete(part);
  const listing = await listFiles(model, { ignore: [...ignore], allowSymlinks });
  const known = new Set(resources.map(({ path }) => path));
  const unsigned = listing.files.filter(({ path }) => !known.has(path));
  const { hashType, shardSize } = serialization;
  const { resources: found, failures } = await hashModel(
    listing.files.filter(({ path }) => known.has(path)),
    { hashType, allowSymlinks, ...(shardSize !== undefined && { shardSize }), ...(onProgress !== undefined && { onProgress }) },
  );
  // Shards leave out files of zero bytes, so that one more of them cannot be told from one that was there.
  const isUncoverable = ({ size }: { readonly size: number }): boolean => serialization.method === 'shards' && size === 0;
  const besides = options.ignore === 'none' ? [] : await otherSignatures(unsigned, verified.manifest);
  const accepted = unsigned
    .filter((file) => options.allowExtra === true || isUncoverable(file) || besides.includes(file.path))
    .map(({ path }) => path);
  const isAccepted = new Set(accepted);
  const extra = unsigned.filter(({ path }) => !isAccepted.has(path)).map(({ path }) => extraFile(path, serialization.ignorePaths));
  const obstacles = listing.obstacles.filter(({ path }) => options.allowExtra !== true || known.has(path));
  const changed = resourceDifferences(resources, found, failures).filter(
    ({ path, kind }) => kind !== 'missing' || !obstacles.some((it) => it.path === path),
  );
  const differences = [...changed, ...extra, ...obstacles];
  if (differences.length > 0) return { ...verified, matches: false, differences };
  return { ...verified, matches: true, uncovered: [...listing.ignored.filter((path) => !own.includes(path)), ...accepted] };
}

async function otherSignatures(files: readonly ModelFile[], manifest: Manifest): Promise<readonly string[]> {
  const signatures = await signaturesAmong(files);
  return signatures.filter(({ claim }) => isAboutTheSame(claim, manifest)).map(({ path }) => path);
}

function extraFile(path: string, ignoredBySigner: readonly string[]): Difference {
  if (prefixes(path).some((part) => ignoredBySigner.includes(part)))
    return { kind: 'ignored', path, message: 'is not covered: the signer chose to leave it out' };
  return { kind: 'extra', path, message: 'is not among the signed files' };
}

function ignoredPaths(choice: 'defaults' | 'none' | 'as-signed', signed: readonly string[]): readonly string[] {
  if (choice === 'none') return [];
  return choice === 'defaults' ? DEFAULT_IGNORED : [...DEFAULT_IGNORED, ...signed];
}

/** `a/b/c` is below `a` and `a/b`, and itself. */
function prefixes(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

async function inside(model: string, file: string): Promise<string[]> {
  const [root, target] = await Promise.all([realpath(model), realpath(file).catch(() => resolve(file))]);
  const way = relative(root, target);
  return way === '' || way === '..' || way.startsWith(`..${sep}`) ? [] : [way.split(sep).join('/')];
}
