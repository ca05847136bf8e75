import { fileHash, getChunks, hashToHex, hexToBytes, xorbHash } from '@huggingface/xetchunk-wasm';

/** Xorbs and shards as clients send them, for tests. */
export interface MadeXorb {
  readonly hash: string;
  readonly bytes: Buffer;
  readonly chunks: readonly { readonly hash: Uint8Array; readonly length: number }[];
}

/** How the chunks of a xorb are stored. */
export type Scheme = 'plain' | 'lz4' | 'grouped';

/** A xorb with the chunks of some content. */
export function makeXorb(content: Uint8Array, scheme: Scheme = 'plain'): MadeXorb {
  const chunks = getChunks(content);
  const parts: Buffer[] = [];
  let at = 0;
  for (const { length } of chunks) {
    const piece = content.subarray(at, at + length);
    at += length;
    const stored = scheme === 'plain' ? piece : storedFrame(scheme === 'lz4' ? piece : grouped(piece));
    const header = Buffer.alloc(8);
    header.writeUIntLE(stored.length, 1, 3);
    header[4] = ['plain', 'lz4', 'grouped'].indexOf(scheme);
    header.writeUIntLE(length, 5, 3);
    parts.push(header, Buffer.from(stored));
  }
  return { hash: hashToHex(xorbHash(chunks)), bytes: Buffer.concat(parts), chunks };
}

/** A file of a shard: runs of chunks of xorbs. */
export interface MadeFile {
  readonly sha256: string | undefined;
  readonly terms: readonly { readonly xorb: MadeXorb; readonly start: number; readonly end: number; readonly length?: number }[];
}

/** A shard that describes files. */
export function makeShard(files: readonly MadeFile[]): Buffer {
  const tag = Buffer.from('HFRepoMetaData\0\x55\x69\x67\x45\x6a\x7b\x81\x57\x83\xa5\xbd\xd9\x5c\xcd\xd1\x4a\xa9', 'latin1');
  const versions = Buffer.alloc(16);
  versions.writeBigUInt64LE(2n, 0);
  const records = files.flatMap(({ sha256, terms }) => {
    const chunks = terms.flatMap(({ xorb, start, end }) => xorb.chunks.slice(start, end));
    const flags = sha256 === undefined ? 0x8000_0000 : 0xc000_0000;
    return [
      record(fileHash([...chunks]), [flags, terms.length, 0, 0]),
      ...terms.map(({ xorb, start, end, length }) => {
        const bytes = xorb.chunks.slice(start, end).reduce((sum, chunk) => sum + chunk.length, 0);
        return record(hexToBytes(xorb.hash), [0, length ?? bytes, start, end]);
      }),
      ...terms.map(() => Buffer.alloc(48)),
      ...(sha256 === undefined ? [] : [record(hexToBytes(sha256), [0, 0, 0, 0])]),
    ];
  });
  const end = () => Buffer.concat([Buffer.alloc(32, 0xff), Buffer.alloc(16)]);
  return Buffer.concat([tag, versions, ...records, end(), end(), Buffer.alloc(200)]);
}

function record(hash: Uint8Array, numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(48);
  bytes.set(hash);
  numbers.forEach((number, index) => bytes.writeUInt32LE(number, 32 + index * 4));
  return bytes;
}

/** An LZ4 frame whose only block is stored as it is. */
function storedFrame(content: Uint8Array): Buffer {
  const frame = Buffer.alloc(7 + 4 + content.length + 4);
  frame.writeUInt32LE(0x184d2204, 0);
  frame[4] = 0x60;
  frame[5] = 0x70;
  frame.writeUInt32LE((0x8000_0000 + content.length) >>> 0, 7);
  frame.set(content, 11);
  return frame;
}

/** Bytes sorted by their position modulo four. */
function grouped(bytes: Uint8Array): Uint8Array {
  const sorted: number[] = [];
  for (let phase = 0; phase < 4; phase++) for (let at = phase; at < bytes.length; at += 4) sorted.push(bytes[at] as number);
  return Uint8Array.from(sorted);
}
