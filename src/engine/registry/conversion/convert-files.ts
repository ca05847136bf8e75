import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CordonError } from '../../../core/errors.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { RegistryContext } from '../context.ts';
import type { ManifestEntry } from '../manifest.ts';
import type { Repository } from '../repositories.ts';
import { upload } from '../upload.ts';
import type { ConvertedFiles } from './conversions.ts';
import type { ConversionPlan, PlannedFile } from './plan.ts';
import { rewriteIndex } from './rewrite-index.ts';

/** Why: an index of a model with a million tensors has 100 MB and is none. */
const INDEX_BYTES = 32 * 1024 * 1024;
const MINUTE_MS = 60_000;

/** The files of a revision in which checkpoints have become safetensors. */
export interface Made {
  readonly entries: readonly ManifestEntry[];
  readonly said: ConvertedFiles;
}

/** Carries a plan out: every file by itself in a worker, into the store. Throws `convert.refused`. */
export async function convertFiles(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  entries: readonly ManifestEntry[],
  plan: ConversionPlan,
  signal?: AbortSignal,
): Promise<Made> {
  const gone = new Set([...plan.convert, ...plan.indexes, ...plan.leaveOut].map(({ path }) => path));
  const made: ManifestEntry[] = entries.filter(({ path }) => !gone.has(path));
  const files: ConvertedFiles['files'][number][] = [];
  for (const planned of plan.convert) {
    signal?.throwIfAborted();
    const { sha256, size, leftOut } = await convertFile(context, principal, repository, planned);
    made.push({ path: planned.target, sha256, size });
    files.push({ from: planned.path, fromSha256: planned.sha256, to: planned.target, toSha256: sha256, leftOut });
  }
  const renamed = new Map(plan.convert.map(({ path, target }) => [path, target]));
  for (const planned of plan.indexes) {
    const { sha256, size } = await rewrite(context, principal, repository, planned, renamed);
    made.push({ path: planned.target, sha256, size });
    files.push({ from: planned.path, fromSha256: planned.sha256, to: planned.target, toSha256: sha256, leftOut: [] });
  }
  const leftOut = plan.leaveOut.map(({ path, sha256, because }) => ({ path, sha256, because }));
  return { entries: made, said: { files, leftOut } };
}

async function convertFile(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  { path, sha256, size }: PlannedFile,
): Promise<{ readonly sha256: string; readonly size: number; readonly leftOut: readonly string[] }> {
  const folder = await mkdtemp(join(context.scratch, 'convert-'));
  try {
    const output = join(folder, 'weights');
    const { minutes } = context.config.registry.convert;
    const limits = { ...context.converter.limits, timeMs: minutes * MINUTE_MS };
    const result = await context.converter.run({ kind: 'convert', input: await context.blobs.localPath(sha256), output, limits }, size);
    if (result.kind === 'refused' || result.kind === 'failed') throw new CordonError('convert.refused', `${path}: ${result.message}`);
    if (result.kind !== 'converted') throw new Error('the worker gave another answer than was asked for');
    const { bytes, leftOut } = result.written;
    const blob = await upload(context, principal, repository, createReadStream(output), { size: bytes });
    return { sha256: blob.sha256, size: bytes, leftOut };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rewrite(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  { path, sha256, size }: PlannedFile,
  renamed: ReadonlyMap<string, string>,
): Promise<{ readonly sha256: string; readonly size: number }> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const beside = new Map(
    [...renamed].flatMap(([from, to]) => (from.startsWith(folder) ? [[from.slice(folder.length), to.slice(folder.length)]] : [])),
  );
  const text = size > INDEX_BYTES ? undefined : (await buffer(await context.blobs.read(sha256))).toString('utf8');
  const rewritten = text === undefined ? undefined : rewriteIndex(text, beside);
  if (rewritten === undefined) throw new CordonError('convert.refused', `${path} lists a shard that was not converted`);
  return upload(context, principal, repository, once(Buffer.from(rewritten)), {});
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
