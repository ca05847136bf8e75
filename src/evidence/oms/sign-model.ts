import { realpath } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import type { Seal } from '../signature/seal.ts';
import { hashModel } from './hash-model.ts';
import { listFiles } from './list-files.ts';
import { DEFAULT_IGNORED, type HashType, type Manifest } from './manifest.ts';
import { signaturesAmong } from './other-signatures.ts';
import { IN_TOTO_PAYLOAD, rootDigest, statementOf } from './statement.ts';

export interface ManifestOptions {
  /** Default: sha256, the one every verifier must know. */
  readonly hashType?: HashType;
  /** Sign shards of so many bytes instead of whole files. */
  readonly shardSize?: number;
  readonly allowSymlinks?: boolean;
  /** Further paths inside the model to leave out. They are recorded, and verifiers may refuse them. */
  readonly ignore?: readonly string[];
  /** Files that are no part of the model wherever they lie, such as the signature itself. */
  readonly exclude?: readonly string[];
  /** Also cover signatures that lie beside the files. Why not by default: each would have to be made after all others. */
  readonly coverSignatures?: boolean;
  /** Default: the name of the folder or file. */
  readonly name?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Lists and hashes a model. Throws `model.unsignable` when it holds anything that a signature cannot cover. */
export async function manifestOf(model: string, options: ManifestOptions = {}): Promise<Manifest> {
  const { hashType = 'sha256', shardSize, allowSymlinks = false, onProgress } = options;
  const root = await realpath(model).catch(() => resolve(model));
  const ignorePaths = [
    ...new Set([
      ...DEFAULT_IGNORED,
      ...(options.ignore ?? []).map(plainPath),
      ...(options.exclude ?? []).flatMap((file) => inside(root, file)),
    ]),
  ];
  const { files: listed, obstacles } = await listFiles(model, { ignore: ignorePaths, allowSymlinks });
  // Why the number: a model that is one bundle is that bundle.
  const isCovering = options.coverSignatures === true || listed.length === 1;
  const signatures = isCovering ? [] : (await signaturesAmong(listed)).map(({ path }) => path);
  const files = listed.filter(({ path }) => !signatures.includes(path));
  const [obstacle] = obstacles;
  if (obstacle !== undefined) throw new CordonError('model.unsignable', `${obstacle.path} ${obstacle.message}`);
  const hashing = {
    hashType,
    allowSymlinks,
    ...(shardSize !== undefined && { shardSize }),
    ...(onProgress !== undefined && { onProgress }),
  };
  const { resources, failures } = await hashModel(files, hashing);
  const [failure] = failures;
  if (failure !== undefined) throw new CordonError('model.unsignable', `${failure.path}: ${failure.message}`);
  if (resources.length === 0) throw new CordonError('model.unsignable', `${model} has no files to sign`);
  return {
    name: options.name ?? basename(root),
    rootDigest: rootDigest(resources),
    serialization: {
      method: shardSize === undefined ? 'files' : 'shards',
      hashType,
      ...(shardSize !== undefined && { shardSize }),
      allowSymlinks,
      ignorePaths: [...ignorePaths, ...signatures],
    },
    resources,
  };
}

/** Signs a model: the text of the bundle, and what it covers. */
export async function signModel(model: string, seal: Seal, options: ManifestOptions = {}): Promise<{ bundle: string; manifest: Manifest }> {
  const manifest = await manifestOf(model, options);
  return { bundle: await seal(IN_TOTO_PAYLOAD, statementOf(manifest)), manifest };
}

/** The path of a file relative to the model, if it lies inside. */
function inside(root: string, file: string): string[] {
  const way = relative(root, resolve(file));
  return way === '' || way === '..' || way.startsWith(`..${sep}`) ? [] : [way.split(sep).join('/')];
}

function plainPath(path: string): string {
  const plain = path.replace(/^\.\//, '').replace(/\/+$/, '');
  if (plain === '' || plain.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw new CordonError('usage.invalid', `${JSON.stringify(path)} is no path inside the model`);
  return plain;
}
