import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { Budget, Limits } from '../../core/budget.ts';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Report } from '../../core/report.ts';
import { severityRank } from '../../core/severity.ts';
import { inFileOrder, safetensorsHeader } from '../../formats/safetensors/write-header.ts';
import { openTorchArchive, type TorchArchive } from '../../formats/torch/archive.ts';
import { tensorContent } from '../../formats/torch/content.ts';
import { sharedNames } from '../../formats/torch/sharing.ts';
import { stateDict } from '../../formats/torch/state-dict.ts';
import { unpickle } from '../../formats/torch/unpickle.ts';
import type { Tensor } from '../../formats/torch/values.ts';
import { openFile, type OpenFile } from '../file-source.ts';
import { scan } from '../scan.ts';
import { writeWhole } from './write-whole.ts';

export interface ConvertOptions {
  /** File to write. Default: beside the input, with the extension `.safetensors`. */
  readonly output?: string;
  /** Replace an existing file. */
  readonly force?: boolean;
  /** The dict to convert where the file holds several, for example `state_dict`. */
  readonly key?: string;
  /** Ends the conversion; nothing is left behind. */
  readonly signal?: AbortSignal;
  /** Told after every piece written, in bytes. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was written. */
export interface Conversion {
  readonly output: string;
  readonly tensors: number;
  readonly bytes: number;
  /** Names whose tensors shared memory; each now has bytes of its own. */
  readonly shared: readonly (readonly string[])[];
}

/** A tensor and what the header says of it. */
interface Planned {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  readonly tensor: Tensor;
}

/** Why: an expanded view of one number can claim any size. Honest files grow only by what their tensors share. */
const GROWTH = 8;
const GROWTH_GRACE = 1024 ** 3;
/** Why "pt": loaders of torch models refuse files that do not say it. */
const METADATA = { format: 'pt' };

/**
 * Rewrites the state dict of a torch zip as safetensors: storages are copied byte for byte and nothing is executed. Throws
 * `convert.refused` when the file is dangerous or holds something else than tensors, `usage.invalid` when the output is in the way.
 */
export async function convertToSafetensors(input: string, options: ConvertOptions = {}): Promise<Conversion> {
  const output = options.output ?? join(dirname(input), `${basename(input, extname(input))}.safetensors`);
  checkOutput(input, output, options.force ?? false);
  refuseDangerous(await scan([input], { hash: false, cache: false, gate: 'ci' }));
  const file = open(input);
  try {
    // The content was scanned within limits; here a budget would only bound how large a model may be.
    const budget = new Budget({ ...Limits.parse({}), timeMs: Number.POSITIVE_INFINITY, inflatedBytes: Number.MAX_SAFE_INTEGER });
    const archive = openTorchArchive(file.source, budget);
    const tensors = stateDict(unpickle(archive.pickle, budget), options.key);
    const planned = planOf(tensors, archive);
    const header = safetensorsHeader(planned, METADATA);
    const total = planned.reduce((sum, { bytes }) => sum + bytes, header.length);
    await writeWhole(output, pieces(header, planned, archive), {
      force: options.force ?? false,
      signal: options.signal,
      onWritten: (done) => options.onProgress?.(done, total),
    });
    return { output, tensors: planned.length, bytes: total, shared: sharedNames(tensors) };
  } finally {
    file.close();
  }
}

function checkOutput(input: string, output: string, force: boolean): void {
  if (!existsSync(input)) throw new CordonError('input.missing', `${input} does not exist`);
  if (!existsSync(output)) return;
  if (realpathSync(output) === realpathSync(input))
    throw new CordonError('usage.invalid', 'the output is the input; name another --output');
  if (!force) throw new CordonError('usage.invalid', `${output} exists; --force replaces it`);
}

/** Why: a file that a scan blocks is not laundered into one that looks safe, although the conversion itself executes nothing. */
function refuseDangerous(report: Report): void {
  const worst = [...report.findings].sort((a, b) => severityRank(b.severity) - severityRank(a.severity))[0];
  if (report.verdict === 'blocked' && worst !== undefined)
    throw new CordonError('convert.refused', `the scan blocks this file: ${worst.severity} ${worst.rule}: ${worst.message}`);
  if (report.completeness === 'complete') return;
  const reason = report.artifacts.flatMap((artifact) => artifact.reasons)[0] ?? report.completeness;
  throw new CordonError('convert.refused', `the file could not be scanned to its end: ${reason}`);
}

function open(input: string): OpenFile {
  try {
    return openFile(input);
  } catch (error) {
    throw new CordonError('input.unreadable', `${input}: ${errorMessage(error)}`, { cause: error });
  }
}

function planOf(tensors: ReadonlyMap<string, Tensor>, { storageBytes }: TorchArchive): readonly Planned[] {
  const planned = [...tensors].map(([name, tensor]) => {
    const elements = tensor.shape.reduce((product, size) => product * size, 1);
    return { name, dtype: tensor.dtype.name, shape: tensor.shape, bytes: elements * tensor.dtype.bytes, tensor };
  });
  const total = planned.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > GROWTH_GRACE + GROWTH * storageBytes)
    throw new CordonError('convert.refused', `the tensors would have ${total} bytes, made from ${storageBytes} bytes of storage`);
  return inFileOrder(planned);
}

function* pieces(header: Uint8Array, planned: readonly Planned[], archive: TorchArchive): Generator<Uint8Array> {
  yield header;
  let opened: { readonly key: string; readonly content: ReturnType<TorchArchive['open']> } | undefined;
  for (const { tensor } of planned) {
    const { key } = tensor.storage;
    // Kept while neighbours use it: a compressed storage is then inflated once.
    if (opened?.key !== key) opened = { key, content: archive.open(tensor.storage) };
    yield* tensorContent(tensor, opened.content);
  }
}
