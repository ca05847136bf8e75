const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** Bech32 (BIP 173) and Bech32m (BIP 350) checksum: segregated-witness Bitcoin addresses. */
export function isBech32(text: string): boolean {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return false;
  const lower = text.toLowerCase();
  const split = lower.lastIndexOf('1');
  if (split < 1) return false;
  let check = 1;
  const prefix = Array.from(lower.slice(0, split), (letter) => letter.charCodeAt(0));
  for (const value of [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31)]) check = step(check, value);
  for (const letter of lower.slice(split + 1)) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return false;
    check = step(check, value);
  }
  return check === 1 || check === 0x2bc830a3;
}

function step(check: number, value: number): number {
  const top = check >>> 25;
  let next = ((check & 0x1ffffff) << 5) ^ value;
  for (let bit = 0; bit < 5; bit++) if ((top >>> bit) & 1) next ^= GENERATOR[bit]!;
  return next;
}
