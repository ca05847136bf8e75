import { createHash } from 'node:crypto';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function sha256(data: Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest();
}

/** Base58Check: 25 bytes whose last four are the double SHA-256 of the rest. Bitcoin, Litecoin, Dogecoin, Tron. */
export function isBase58Check(text: string): boolean {
  let number = 0n;
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return false;
    number = number * 58n + BigInt(digit);
  }
  const hex = number.toString(16);
  if (hex.length > 50) return false;
  const bytes = Buffer.from(hex.padStart(50, '0'), 'hex');
  return Buffer.from(sha256(sha256(bytes.subarray(0, 21))))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}
