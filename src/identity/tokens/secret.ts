import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { CORDON_TOKEN_PREFIX, cordonToken } from '../../patterns/secrets/cordon-token.ts';

/** A token that was just made: the secret is shown once and never kept. */
export interface NewSecret {
  readonly secret: string;
  /** What may be shown to recognise it by. */
  readonly prefix: string;
  readonly hash: string;
}

/** A new token of 256 random bits. */
export function newSecret(): NewSecret {
  return knownSecret(cordonToken(randomBytes(32)));
}

/** A token whose secret is known already. */
export function knownSecret(secret: string): NewSecret {
  return { secret, prefix: secret.slice(0, CORDON_TOKEN_PREFIX.length + 6), hash: secretHash(secret) };
}

/** SHA-256 of a secret, hexadecimal. Why no slow hash: there is nothing to guess in 256 random bits. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two texts without telling by time how far they agree. */
export function equalInConstantTime(first: string, second: string): boolean {
  // Why hashed first: the comparison needs equal lengths, and a length is a hint too.
  return timingSafeEqual(createHash('sha256').update(first).digest(), createHash('sha256').update(second).digest());
}
