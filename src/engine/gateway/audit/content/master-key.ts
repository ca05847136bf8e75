import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { CordonError } from '../../../../core/errors.ts';

/** A key that protects keys of contents. */
export interface MasterKey {
  /** Digest of the key: names it without telling it. */
  readonly id: string;
  readonly bytes: Buffer;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A key from its text: base64 or hexadecimal. Throws `key.invalid`, without what was given. */
export function masterKey(text: string): MasterKey {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, /^[0-9a-fA-F]{64}$/.test(trimmed) ? 'hex' : 'base64');
  if (bytes.length !== KEY_BYTES || !/^(?:[0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/.test(trimmed))
    throw new CordonError('key.invalid', 'the key of gateway.audit must be 32 bytes, in base64 or hexadecimal');
  return { id: createHash('sha256').update('cordon audit master key v1\0').update(bytes).digest('hex').slice(0, 16), bytes };
}

/** Encrypts a key of contents. Why random nonces: several servers share the master key, and it encrypts a few keys a day. */
export function wrapKey(master: MasterKey, { id, day }: { readonly id: string; readonly day: string }, key: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', master.bytes, nonce).setAAD(keyData(id, day));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Decrypts a key of contents. Throws `key.unavailable` when it is not the one that this master key encrypted. */
export function unwrapKey(master: MasterKey, { id, day }: { readonly id: string; readonly day: string }, wrapped: string): Buffer {
  const bytes = Buffer.from(wrapped, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', master.bytes, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(keyData(id, day)).setAuthTag(bytes.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (error) {
    throw new CordonError('key.unavailable', `the key ${id} of contents was changed, or is protected by another master key`, {
      cause: error,
    });
  }
}

/** Why: a wrapped key that is put in the place of another one is noticed. */
function keyData(id: string, day: string): Buffer {
  return Buffer.from(`cordon audit key v1\0${id}\0${day}`);
}
