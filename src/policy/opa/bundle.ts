import { gunzipSync } from 'node:zlib';
import { CordonError, errorMessage } from '../../core/errors.ts';

/** Why: the largest published Rego rule sets compile to about 1 MB; a bundle is loaded into memory whole. */
const MAX_BUNDLE = 64 * 1024 * 1024;
const BLOCK = 512;

/** What of an OPA bundle is needed to decide. */
export interface Bundle {
  readonly wasm: Uint8Array;
  /** The document `data` of the bundle. */
  readonly data: unknown;
}

/** Reads a `bundle.tar.gz` of `opa build -t wasm`, or a bare `policy.wasm`. Throws `config.invalid`. */
export function readBundle(bytes: Uint8Array, path: string): Bundle {
  if (startsWith(bytes, [0x00, 0x61, 0x73, 0x6d])) return { wasm: bytes, data: {} };
  if (!startsWith(bytes, [0x1f, 0x8b])) throw invalid(path, 'is neither a bundle (tar.gz) nor a WebAssembly module');
  try {
    const files = tarFiles(gunzipSync(bytes, { maxOutputLength: MAX_BUNDLE }));
    const wasm = files.get('policy.wasm');
    if (wasm === undefined) throw new Error('it has no policy.wasm; build it with `opa build -t wasm -e cordon/decision`');
    const data = files.get('data.json');
    return { wasm, data: data === undefined ? {} : JSON.parse(new TextDecoder().decode(data)) };
  } catch (error) {
    throw invalid(path, `is not a readable bundle: ${errorMessage(error)}`, error);
  }
}

/** Regular files of a tar, by name without leading `/` or `./`. */
function tarFiles(tar: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let position = 0; position + BLOCK <= tar.length;) {
    const header = tar.subarray(position, position + BLOCK);
    const name = text(header.subarray(0, 100));
    if (name === '') break;
    const size = Number.parseInt(text(header.subarray(124, 136)).trim(), 8);
    if (!(size >= 0 && position + BLOCK + size <= tar.length)) throw new Error(`its entry ${JSON.stringify(name)} is cut off`);
    const type = header[156];
    const isFile = type === 0 || type === 0x30;
    if (isFile) files.set(name.replace(/^\.?\//, ''), tar.subarray(position + BLOCK, position + BLOCK + size));
    position += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? field : field.subarray(0, end));
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function invalid(path: string, what: string, cause?: unknown): CordonError {
  return new CordonError('config.invalid', `${path} ${what}`, cause === undefined ? undefined : { cause });
}
