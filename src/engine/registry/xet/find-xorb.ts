import { CordonError } from '../../../core/errors.ts';
import { unpackChunks } from '../../../formats/xet/chunk-index.ts';
import type { XorbChunk } from '../../../formats/xet/xorb-reader.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';
import { XORB_MS } from './take-xorb.ts';

/** A xorb that was taken in. */
export interface Xorb {
  readonly sha256: string;
  readonly chunks: readonly XorbChunk[];
}

/** Indexes held at a time. Why few: one has up to 8,192 chunks, and files use them one after the other. */
const HELD = 8;

/** Looks up xorbs of one repository; what is used is kept for longer. */
export class Xorbs {
  readonly #context: RegistryContext;
  readonly #repository: Repository;
  readonly #held = new Map<string, Xorb>();

  constructor(context: RegistryContext, repository: Repository) {
    this.#context = context;
    this.#repository = repository;
  }

  /** Throws `request.invalid` for one that this repository does not hold. */
  async find(hash: string): Promise<Xorb> {
    const held = this.#held.get(hash);
    if (held !== undefined) return held;
    const { store, now } = this.#context;
    const row = await store.db
      .updateTable('xet_xorb')
      .set({ expires_at: now() + XORB_MS })
      .where('repository_id', '=', this.#repository.id)
      .where('hash', '=', hash)
      .where('expires_at', '>', now())
      .returning(['sha256', 'chunks'])
      .executeTakeFirst();
    if (row === undefined) {
      throw new CordonError(
        'request.invalid',
        `the xorb ${hash} was not uploaded to this repository, or long ago: empty the Xet cache of the client (HF_XET_CACHE) and upload again`,
      );
    }
    const xorb = { sha256: row.sha256, chunks: unpackChunks(Buffer.from(row.chunks, 'base64')) };
    const oldest = this.#held.keys().next();
    if (this.#held.size >= HELD && oldest.done !== true) this.#held.delete(oldest.value);
    this.#held.set(hash, xorb);
    return xorb;
  }
}
