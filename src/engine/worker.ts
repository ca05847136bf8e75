import { parentPort } from 'node:worker_threads';
import { Budget } from '../core/budget.ts';
import { CordonError, errorMessage } from '../core/errors.ts';
import type { TreeSubject } from '../core/subject.ts';
import { FILE_SCANNERS } from '../scanners/index.ts';
import { TREE_SCANNERS } from '../scanners/tree.ts';
import { cacheKey, readCached, writeCached } from './cache.ts';
import { fileReason, isFileError } from './file-error.ts';
import { openFile, openMemory, type OpenFile } from './file-source.ts';
import { inspectFile } from './inspect-file.ts';
import { inspectWhole } from './inspect-tree.ts';
import { writeSafetensors } from './convert/write-safetensors.ts';
import type { ConvertJob, FailedResult, JobResult, PostedFileJob, PostedJob, TreeJob } from './jobs.ts';
import { RULES, ruleSetDigest } from './rule-set.ts';
import { openRemote } from './remote/remote-source.ts';

/** Milliseconds of parsing from which remembering the result pays: reading an entry costs about one. */
const CACHED_FROM_MS = 3;

let previous: Promise<unknown> = Promise.resolve();

// One after the other: the pool's clock runs for the first job that is not answered.
parentPort?.on('message', (job: PostedJob) => {
  previous = previous.then(() => answer(job)).then((result) => parentPort?.postMessage(result));
});

async function answer(job: PostedJob): Promise<JobResult> {
  try {
    if (job.kind === 'file') return await scanFile(job);
    if (job.kind === 'convert') return await convert(job);
    return job.kind === 'tree' ? scanTree(job) : { kind: 'rules', id: job.id, rules: [...RULES.values()], digest: ruleSetDigest() };
  } catch (error) {
    return { kind: 'failed', id: job.id, ...whatFailed(error) };
  }
}

function whatFailed(error: unknown): Pick<FailedResult, 'cause' | 'message'> {
  return isFileError(error) ? { cause: 'unreadable', message: fileReason(error) } : { cause: 'crash', message: errorMessage(error) };
}

async function scanFile(job: PostedFileJob): Promise<JobResult> {
  const { id, path } = job;
  const file = open(job.content);
  try {
    const sha256 = job.hash ? await file.digest() : null;
    const { size } = file.source;
    const key = job.cache === undefined || sha256 === null ? undefined : cacheKey(sha256, path, job.limits);
    const cached = key === undefined ? undefined : readCached(job.cache, key);
    if (cached !== undefined) return { kind: 'file', id, sha256, size, inspection: cached };
    const started = performance.now();
    const budget = new Budget(job.limits);
    const inspection = inspectFile(path, file.source, FILE_SCANNERS, budget);
    const isWorthIt = performance.now() - started > CACHED_FROM_MS;
    // Why not when time ran out: on a less busy machine the answer is another.
    if (key !== undefined && isWorthIt && !budget.isOutOfTime) writeCached(job.cache, key, inspection);
    return { kind: 'file', id, sha256, size, inspection };
  } finally {
    file.close();
  }
}

function scanTree(job: TreeJob): JobResult {
  const byPath = new Map(job.entries.map((entry) => [entry.path, entry]));
  const tree: TreeSubject = {
    entries: job.entries.map(({ path, size, format, sha256, facts }) => ({ path, size, format, sha256, facts })),
    text(path) {
      const entry = byPath.get(path);
      if (entry?.content === undefined || entry.size > job.limits.buffer) return undefined;
      return readText(entry.content);
    },
  };
  return { kind: 'tree', id: job.id, inspection: inspectWhole(tree, TREE_SCANNERS, new Budget(job.limits)) };
}

async function convert({ id, input, output }: ConvertJob): Promise<JobResult> {
  const file = openFile(input);
  try {
    const written = await writeSafetensors(file.source, output, { force: false, signal: undefined, leavesOut: true });
    return { kind: 'converted', id, written };
  } catch (error) {
    if (!(error instanceof CordonError) || !/^(convert|format|limit)\./.test(error.code)) throw error;
    return { kind: 'refused', id, message: error.message };
  } finally {
    file.close();
  }
}

function open(content: PostedFileJob['content']): OpenFile {
  if (content.kind === 'local') return openFile(content.absolute);
  return content.kind === 'memory' ? openMemory(content.bytes) : openRemote(content);
}

function readText(content: PostedFileJob['content']): string | undefined {
  let file: OpenFile | undefined;
  try {
    file = open(content);
    return new TextDecoder().decode(file.source.read(0, file.source.size));
  } catch (error) {
    if (isFileError(error)) return undefined;
    throw error;
  } finally {
    file?.close();
  }
}
