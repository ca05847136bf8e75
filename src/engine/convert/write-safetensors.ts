import { Budget, Limits } from '../../core/budget.ts';
import { CordonError } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import { inFileOrder, safetensorsHeader } from '../../formats/safetensors/write-header.ts';
import { openTorchArchive, type TorchArchive } from '../../formats/torch/archive.ts';
import { tensorContent } from '../../formats/torch/content.ts';
import { sharedNames } from '../../formats/torch/sharing.ts';
import { stateDict } from '../../formats/torch/state-dict.ts';
import { unpickle } from '../../formats/torch/unpickle.ts';
import type { Tensor } from '../../formats/torch/values.ts';
import { type Weights, weightsOf } from '../../formats/torch/weights-of.ts';
import { writeWhole, type WriteOptions } from './write-whole.ts';

/** What is written, and how. */
export interface SafetensorsOptions extends Omit<WriteOptions, 'onWritten'> {
  /** The dict to convert where the file holds several. */
  readonly key?: string | undefined;
  /** Take the weights and leave out what is no tensor, instead of refusing the file. */
  readonly leavesOut?: boolean;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What was written. */
export interface Written {
  readonly tensors: number;
  readonly bytes: number;
  /** Names whose tensors shared memory; each now has bytes of its own. */
  readonly shared: readonly (readonly string[])[];
  /** The dict that the tensors were in; empty: the whole value. */
  readonly key: string;
  /** Keys whose values are no tensors, where those are left out. */
  readonly leftOut: readonly string[];
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

/** Writes the tensors of a torch zip as safetensors, byte for byte. Executes nothing. Throws `convert.refused`. */
export async function writeSafetensors(source: ByteSource, output: string, options: SafetensorsOptions): Promise<Written> {
  // The content was scanned within limits; here a budget would only bound how large a model may be.
  const budget = new Budget({ ...Limits.parse({}), timeMs: Number.POSITIVE_INFINITY, inflatedBytes: Number.MAX_SAFE_INTEGER });
  const archive = openTorchArchive(source, budget);
  const { tensors, key, leftOut } = read(archive, budget, options);
  const planned = planOf(tensors, archive);
  const header = safetensorsHeader(planned, METADATA);
  const total = planned.reduce((sum, { bytes }) => sum + bytes, header.length);
  await writeWhole(output, pieces(header, planned, archive), {
    force: options.force,
    signal: options.signal,
    onWritten: (done) => options.onProgress?.(done, total),
  });
  return { tensors: planned.length, bytes: total, shared: sharedNames(tensors), key, leftOut };
}

function read(archive: TorchArchive, budget: Budget, { key, leavesOut = false }: SafetensorsOptions): Weights {
  if (leavesOut) return weightsOf(unpickle(archive.pickle, budget, 'leave-out'));
  return { tensors: stateDict(unpickle(archive.pickle, budget), key), key: key ?? '', leftOut: [] };
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
