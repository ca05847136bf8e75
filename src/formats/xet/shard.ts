import { malformed, truncated } from '../../core/errors.ts';
import { viewOf } from '../bytes/read.ts';
import { hashText } from './hash.ts';

/** Bytes of a shard: a limit of the protocol. */
export const SHARD_BYTES = 64 * 1024 * 1024;
/** Terms of one file. Why: a file of a terabyte in whole xorbs has 16,384. */
const TERMS_AT_MOST = 262_144;

const RECORD_BYTES = 48;
const VERSION = 2n;
const HAS_VERIFICATION = 0x8000_0000;
const HAS_METADATA = 0x4000_0000;
const TAG = Buffer.from('HFRepoMetaData\0\x55\x69\x67\x45\x6a\x7b\x81\x57\x83\xa5\xbd\xd9\x5c\xcd\xd1\x4a\xa9', 'latin1');
const END = 'f'.repeat(64);

/** A run of chunks of a xorb. */
export interface ShardTerm {
  readonly xorb: string;
  /** Bytes before compression. */
  readonly length: number;
  /** First chunk, and the one after the last. */
  readonly start: number;
  readonly end: number;
}

/** A file that a shard describes. */
export interface ShardFile {
  readonly hash: string;
  /** What the client says the content is; undefined: it does not say. */
  readonly sha256: string | undefined;
  readonly terms: readonly ShardTerm[];
}

/** Reads the files of a shard, one at a time. What follows them, an index of xorbs, says nothing that the xorbs do not. */
export async function* readShard(source: AsyncIterable<Uint8Array>): AsyncGenerator<ShardFile> {
  const records = new Records(source);
  const header = await records.next();
  if (!TAG.equals(header.subarray(0, TAG.length))) throw malformed('not a shard');
  if (viewOf(header).getBigUint64(TAG.length, true) !== VERSION) throw malformed('version of the shard');
  for (;;) {
    const record = await records.next();
    const view = viewOf(record);
    const hash = hashAt(record);
    if (hash === END) return;
    const flags = view.getUint32(32, true);
    const count = view.getUint32(36, true);
    if (count > TERMS_AT_MOST) throw malformed(`a file of ${count} terms`);
    const terms: ShardTerm[] = [];
    for (let index = 0; index < count; index++) terms.push(term(await records.next()));
    if (flags >= HAS_VERIFICATION) for (let index = 0; index < count; index++) await records.next();
    const sha256 = (flags & HAS_METADATA) === 0 ? undefined : hashAt(await records.next());
    yield { hash, sha256, terms };
  }
}

function term(record: Uint8Array): ShardTerm {
  const view = viewOf(record);
  const [length, start, end] = [view.getUint32(36, true), view.getUint32(40, true), view.getUint32(44, true)];
  if (start >= end) throw malformed('term without chunks');
  return { xorb: hashAt(record), length, start, end };
}

function hashAt(record: Uint8Array): string {
  return hashText(record.subarray(0, 32));
}

/** Cuts a stream into records of 48 bytes. */
class Records {
  readonly #source: AsyncIterator<Uint8Array>;
  #held = new Uint8Array(0);
  #at = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async next(): Promise<Uint8Array> {
    while (this.#held.length - this.#at < RECORD_BYTES) {
      const { value, done } = await this.#source.next();
      if (done === true) throw truncated('shard');
      this.#held = Buffer.concat([this.#held.subarray(this.#at), value]);
      this.#at = 0;
    }
    const record = Uint8Array.from(this.#held.subarray(this.#at, this.#at + RECORD_BYTES));
    this.#at += RECORD_BYTES;
    return record;
  }
}
