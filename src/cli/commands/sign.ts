import { join, resolve } from 'node:path';
import { statSync } from 'node:fs';
import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { HASH_TYPES, type HashType } from '../../evidence/oms/manifest.ts';
import { signModel } from '../../evidence/oms/sign-model.ts';
import { countText } from '../../reporters/text/amounts.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { byteProgress } from '../signing/byte-progress.ts';
import { sealOf, type SealFlags } from '../signing/seal-options.ts';
import { writeAtomically } from '../write-atomically.ts';

/** Options of `cordon sign` as commander gives them. */
interface SignFlags extends SealFlags {
  readonly signature?: string;
  readonly ignore?: readonly string[];
  readonly allowSymlinks?: boolean;
  readonly hash?: string;
  readonly shardSize?: number;
}

/** Name of the signature inside a model, as the OMS tools use it. */
export const SIGNATURE_NAME = 'model.sig';

/** `cordon sign`: writes an OMS bundle and says what it covers. */
export async function signCommand(path: string, flags: SignFlags, io: Io): Promise<number> {
  const model = resolve(io.cwd, path);
  const signature = flags.signature === undefined ? defaultSignature(model) : resolve(io.cwd, flags.signature);
  const hashType = hashOf(flags.hash);
  const seal = await sealOf(flags, io);
  const progress = byteProgress('hashing', io);
  try {
    const { bundle, manifest } = await signModel(model, seal, {
      hashType,
      allowSymlinks: flags.allowSymlinks ?? false,
      ignore: flags.ignore ?? [],
      exclude: [signature],
      ...(flags.shardSize !== undefined && { shardSize: flags.shardSize }),
      onProgress: progress.update,
    });
    progress.close();
    writeAtomically(signature, bundle);
    const files = new Set(manifest.resources.map((resource) => resource.path)).size;
    io.stdout.write(`signed ${printable(path)}: ${countText(files, 'file')}, root digest ${manifest.rootDigest}\n`);
    io.stdout.write(`wrote ${printable(signature)}\n`);
    return EXIT.allowed;
  } finally {
    progress.close();
  }
}

/** Inside a folder; beside a file. */
export function defaultSignature(model: string): string {
  const isFolder = statSync(model, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? join(model, SIGNATURE_NAME) : `${model}.sig`;
}

function hashOf(name: string | undefined): HashType {
  const known = HASH_TYPES.find((type) => type === (name ?? 'sha256'));
  if (known === undefined) throw new CordonError('usage.invalid', `unknown hash ${name}; known: ${HASH_TYPES.join(', ')}`);
  return known;
}
