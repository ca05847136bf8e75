import { crc32 } from 'node:zlib';
import type { PatternDefinition } from '../matching/pattern.ts';
import { prefixed } from './define.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** What every token of Cordon begins with. */
export const CORDON_TOKEN_PREFIX = 'cordon_';
/** Digits of 256 random bits, and of their checksum. */
const BODY = 43;
const CHECKSUM = 6;
const FORM = new RegExp(`^${CORDON_TOKEN_PREFIX}[0-9A-Za-z]{${BODY + CHECKSUM}}$`);

/** Cordon's token around 32 random bytes: prefix, the bytes in base 62, a CRC-32 of that in base 62. */
export function cordonToken(random: Uint8Array): string {
  const body = base62(BigInt(`0x${Buffer.from(random).toString('hex')}`), BODY);
  return `${CORDON_TOKEN_PREFIX}${body}${checksum(body)}`;
}

/** Whether a text is a token of Cordon, by its form and checksum. Why: typos and look-alikes are recognised without a database. */
export function isCordonToken(text: string): boolean {
  if (!FORM.test(text)) return false;
  const body = text.slice(CORDON_TOKEN_PREFIX.length, -CHECKSUM);
  return text.endsWith(checksum(body));
}

/** The pattern that finds Cordon's own tokens in files and conversations. */
export const CORDON_TOKEN: PatternDefinition = {
  ...prefixed('cordon-token', 'Cordon token', CORDON_TOKEN_PREFIX, `[A-Za-z0-9]{${BODY + CHECKSUM}}`),
  validate: isCordonToken,
};

function checksum(body: string): string {
  return base62(BigInt(crc32(body)), CHECKSUM);
}

function base62(value: bigint, width: number): string {
  let text = '';
  for (let rest = value; text.length < width; rest /= 62n) text = DIGITS[Number(rest % 62n)]! + text;
  return text;
}
