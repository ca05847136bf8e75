import type { Format } from '../core/format.ts';
import type { ByteSource } from '../core/source.ts';
import { hasBytes } from './bytes/read.ts';
import { pickleSignature } from './pickle/signature.ts';
import { json } from './json/signature.ts';
import { msgpack } from './msgpack/signature.ts';
import { ONNX } from './onnx/signature.ts';
import { npy } from './npy/signature.ts';
import { hdf5, hdf5BehindUserBlock } from './hdf5/signature.ts';
import { inert } from './inert/signature.ts';
import { lfsPointer } from './lfs-pointer/signature.ts';
import { ggml, gguf } from './gguf/signature.ts';
import { safetensors } from './safetensors/signature.ts';
import { tensorrt } from './tensorrt/signature.ts';
import { catboost } from './catboost/signature.ts';
import { lightgbm } from './lightgbm/signature.ts';
import { xgboost } from './xgboost/signature.ts';
import { rData } from './r-data/signature.ts';
import { text } from './text/signature.ts';
import { xml } from './xml/signature.ts';
import { executable } from './executable/signature.ts';

/** How many leading bytes sniffing looks at before it asks the source for more. */
export const HEAD_BYTES = 4096;

/** Recognises one format by its bytes. `head` is at most {@link HEAD_BYTES} long; `source` is there for what lies further on. */
export interface Signature {
  readonly format: Format;
  matches(head: Uint8Array, source: ByteSource): boolean;
}

/** In order: the first match wins. Strong magic numbers first, structural probes after them, text last. */
const SIGNATURES: readonly Signature[] = [
  { format: 'empty', matches: (head) => head.length === 0 },
  { format: 'zip', matches: (head) => hasBytes(head, 'PK\x03\x04') || hasBytes(head, 'PK\x05\x06') },
  hdf5,
  pickleSignature,
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
  ONNX,
  hdf5BehindUserBlock,
  lfsPointer,
  xml,
  json,
  msgpack,
  text,
];

/** What the content is, by its bytes alone. The name never decides. */
export function sniff(head: Uint8Array, source: ByteSource): Format {
  return SIGNATURES.find((signature) => signature.matches(head, source))?.format ?? 'unknown';
}

/**
 * Formats that loaders find at the end of a file although it begins as something else. Why: `zipfile` and `torch.load`
 * accept a zip behind any prefix, so a file can be a harmless pickle to one reader and an archive to another.
 */
export function sniffTail(source: ByteSource): readonly Format[] {
  const size = source.size;
  const tail = source.read(Math.max(0, size - 22), 22);
  return hasBytes(tail, 'PK\x05\x06') ? ['zip'] : [];
}
