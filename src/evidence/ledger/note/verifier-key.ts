import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { CordonError } from '../../../core/errors.ts';

/** What a signature was made for: a note (C2SP signed-note), or a checkpoint by a witness (C2SP tlog-cosignature). */
export const NOTE = 0x01;
export const COSIGNATURE = 0x04;
export type KeyType = typeof NOTE | typeof COSIGNATURE;

/** A public key of C2SP signed notes. */
export interface VerifierKey {
  readonly name: string;
  readonly type: KeyType;
  /** First four bytes of SHA-256 over name, newline, type and key. */
  readonly id: Buffer;
  readonly key: KeyObject;
  /** As others write it: `name+id+base64`. */
  readonly text: string;
}

/** Names of keys: no white space and no plus (C2SP signed-note). */
export const KEY_NAME = /^[^\s+\p{Z}\p{C}]{1,200}$/u;
const RAW_BYTES = 32;

/** A verifier key from its raw Ed25519 bytes. */
export function verifierKey(name: string, type: KeyType, raw: Uint8Array): VerifierKey {
  if (!KEY_NAME.test(name) || raw.length !== RAW_BYTES) throw new CordonError('key.invalid', 'not a key of signed notes');
  const encoded = Buffer.concat([Uint8Array.of(type), raw]);
  const id = createHash('sha256').update(`${name}\n`).update(encoded).digest().subarray(0, 4);
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') }, format: 'jwk' });
  return { name, type, id, key, text: `${name}+${id.toString('hex')}+${encoded.toString('base64')}` };
}

/** Reads `name+id+base64` (C2SP signed-note, section "Verifier keys"). */
export function parseVerifierKey(text: string): VerifierKey {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const encoded = Buffer.from(match?.[3] ?? '', 'base64');
  const type = encoded[0];
  if (match === null || encoded.length !== RAW_BYTES + 1 || (type !== NOTE && type !== COSIGNATURE)) {
    throw new CordonError('key.invalid', 'a verifier key is NAME+ID+KEY with an Ed25519 key');
  }
  const key = verifierKey(match[1]!, type, encoded.subarray(1));
  if (key.id.toString('hex') !== match[2])
    throw new CordonError('key.invalid', `the verifier key of ${key.name} has another id than it says`);
  return key;
}
