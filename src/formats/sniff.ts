import type { Format } from '../core/format.ts';
import type { ByteSource } from '../core/source.ts';
import { HEAD_BYTES, type Signature } from './signature.ts';
import { rar, unreadArchive } from './archive/signature.ts';
import { bzip2 } from './bzip2/signature.ts';
import { gzip, zlib } from './deflate/signature.ts';
import { lz4 } from './lz4/signature.ts';
import { lzma } from './lzma/signature.ts';
import { sevenZip } from './seven-zip/signature.ts';
import { tar } from './tar/signature.ts';
import { xz } from './xz/signature.ts';
import { endsAsZip, zip } from './zip/signature.ts';
import { zstd } from './zstd/signature.ts';
import { pickleSignature } from './pickle/signature.ts';
import { jinja } from './jinja/signature.ts';
import { json } from './json/signature.ts';
import { msgpack } from './msgpack/signature.ts';
import { coreml } from './coreml/signature.ts';
import { paddle } from './paddle/signature.ts';
import { onnx } from './onnx/signature.ts';
import { npy } from './npy/signature.ts';
import { hdf5, hdf5BehindUserBlock } from './hdf5/signature.ts';
import { inert } from './inert/signature.ts';
import { lfsPointer } from './lfs-pointer/signature.ts';
import { ggml, gguf } from './gguf/signature.ts';
import { safetensors } from './safetensors/signature.ts';
import { tensorflow, tfCheckpoint } from './tensorflow/signature.ts';
import { executorch } from './executorch/signature.ts';
import { tflite } from './tflite/signature.ts';
import { tensorrt } from './tensorrt/signature.ts';
import { catboost } from './catboost/signature.ts';
import { lightgbm } from './lightgbm/signature.ts';
import { xgboost } from './xgboost/signature.ts';
import { rData } from './r-data/signature.ts';
import { text } from './text/signature.ts';
import { xml } from './xml/signature.ts';
import { executable } from './executable/signature.ts';

/** In order: the first match wins. Strong magic numbers first, structural probes after them, text last. */
const SIGNATURES: readonly Signature[] = [
  { format: 'empty', matches: (head) => head.length === 0 },
  zip,
  gzip,
  bzip2,
  xz,
  lz4,
  zstd,
  sevenZip,
  rar,
  zlib,
  hdf5,
  pickleSignature,
  tar,
  // Behind pickle: no LZMA-alone file of an encoder is a pickle, but a pickle can be made to look like one.
  lzma,
  npy,
  gguf,
  ggml,
  safetensors,
  ...inert,
  executable,
  tensorrt,
  catboost,
  lightgbm,
  xgboost,
  rData,
  tflite,
  executorch,
  onnx,
  coreml,
  tensorflow,
  paddle,
  tfCheckpoint,
  hdf5BehindUserBlock,
  lfsPointer,
  unreadArchive,
  xml,
  jinja,
  json,
  msgpack,
  text,
];

/** Those that look only near the start. Why: behind a URL every look further on costs a request for each of hundreds of tensors. */
const NEAR_SIGNATURES = SIGNATURES.filter((signature) => signature !== hdf5BehindUserBlock);

/** What the content is, by its bytes alone. The name never decides. `opaque`: raw numbers by their container's account. */
export function sniff(head: Uint8Array, source: ByteSource, opaque = false): Format {
  const signatures = opaque ? NEAR_SIGNATURES : SIGNATURES;
  return signatures.find((signature) => signature.matches(head, source))?.format ?? 'unknown';
}

/** What a zip at the end of is no polyglot: containers that account for all their bytes, so that it can be their last member. */
const HOLD_ZIP: ReadonlySet<Format> = new Set(['zip', 'tar', '7z', 'tflite']);
/** What has no end of its own, so that anything may follow it. */
const WITHOUT_END: ReadonlySet<Format> = new Set(['unknown', 'text', 'python', 'json', 'yaml', 'executable']);

/**
 * Formats that other readers see in a file that begins as `format`. Why: `zipfile` accepts a zip behind any prefix and before
 * any rest, and a tar header leaves 100 bytes free for a pickle, so one file can be two things to two readers.
 */
export function sniffHidden(source: ByteSource, format: Format): readonly Format[] {
  const hidden: Format[] = [];
  if (!HOLD_ZIP.has(format) && endsAsZip(source, WITHOUT_END.has(format))) hidden.push('zip');
  if (format !== 'tar' && tar.matches(source.read(0, HEAD_BYTES), source)) hidden.push('tar');
  return hidden;
}
