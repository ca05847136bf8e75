import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { CordonError } from '../../../../core/errors.ts';
import { newId } from '../../../../store/ids.ts';
import type { GatewayContentKeyTable } from '../../../../store/schema/gateway-audit.ts';
import type { ExchangeContent } from '../exchange-record.ts';
import type { ContentNote } from '../record-text.ts';
import { type MasterKey, wrapKey } from './master-key.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Why: below what the counter of 48 bits can tell apart, and far below the 2^32 blocks that one nonce may encrypt. */
const SEALED_AT_MOST = 2 ** 40;

/** A sealed content and what its record says of it. */
export interface Sealed {
  readonly note: ContentNote;
  readonly sealed: Buffer;
}

interface DataKey {
  readonly id: string;
  readonly day: string;
  readonly bytes: Buffer;
  used: number;
}

/**
 * Seals contents with a key of its own for each day and process. Nonces count: as no other process has the key, and none is ever taken up
 * again, no nonce is used twice.
 */
export class Sealer {
  readonly #keep: (key: GatewayContentKeyTable) => void;
  #master: MasterKey;
  #key: DataKey | undefined;

  /** `keep` is told every key before anything is sealed with it. */
  constructor(master: MasterKey, keep: (key: GatewayContentKeyTable) => void) {
    this.#master = master;
    this.#keep = keep;
  }

  /** Takes another master key: the next content gets a key that it protects. */
  use(master: MasterKey): void {
    if (master.id !== this.#master.id) this.#key = undefined;
    this.#master = master;
  }

  /** Seals what was said; each text is cut to `maxBytes`. */
  seal(id: string, content: ExchangeContent, { maxBytes, now }: { readonly maxBytes: number; readonly now: number }): Sealed {
    const key = this.#keyOf(now);
    const request = cut(content.request, maxBytes);
    const response = cut(content.response, maxBytes);
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUIntBE(++key.used, 6, 6);
    const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(contentData(id, key.id));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(request.length);
    const sealed = Buffer.concat([
      nonce,
      cipher.update(length),
      cipher.update(request),
      cipher.update(response),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    const isCut = request.length < Buffer.byteLength(content.request) || response.length < Buffer.byteLength(content.response);
    return { note: { key: key.id, sha256: hash('sha256', sealed), cut: isCut }, sealed };
  }

  #keyOf(now: number): DataKey {
    const day = dayOf(now);
    if (this.#key?.day === day && this.#key.used < SEALED_AT_MOST) return this.#key;
    const key: DataKey = { id: newId(now), day, bytes: randomBytes(32), used: 0 };
    this.#keep({ id: key.id, day, master: this.#master.id, wrapped: wrapKey(this.#master, key, key.bytes), created_at: now });
    this.#key = key;
    return key;
  }
}

/** Opens what a {@link Sealer} sealed. Throws `storage.corrupt` when it is not what was sealed for this record. */
export function unseal(id: string, keyId: string, key: Buffer, bytes: Uint8Array): ExchangeContent {
  const sealed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(contentData(id, keyId)).setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    const end = 4 + plain.readUInt32LE(0);
    return { request: plain.toString('utf8', 4, end), response: plain.toString('utf8', end) };
  } catch (error) {
    throw new CordonError('storage.corrupt', `the content of ${id} is not what was sealed for it`, { cause: error });
  }
}

/** The UTC day of a time. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** Why: a content that is put in the place of another one is noticed. */
function contentData(id: string, keyId: string): Buffer {
  return Buffer.from(`cordon audit content v1\0${id}\0${keyId}`);
}

/** Bytes of a text, at most so many, never half a character. */
function cut(text: string, maxBytes: number): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return bytes;
  let end = maxBytes;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
