import { compact, digitsOf, isDate, isRepeated, numberAt, weighted } from '../checksums/digits.ts';
import { luhn } from '../checksums/luhn.ts';
import { verhoeff } from '../checksums/verhoeff.ts';

/** Indian Aadhaar: Verhoeff; never begins with 0 or 1, never a palindrome. */
export function isAadhaar(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 12 && digits[0]! > 1 && digits.join('') !== digits.toReversed().join('') && verhoeff(digits);
}

const BASE36 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Indian GSTIN: modulo 36 over fourteen characters. */
export function isGstin(text: string): boolean {
  let sum = 0;
  for (let at = 0; at < 14; at++) {
    const product = BASE36.indexOf(text[at]!.toUpperCase()) * (1 + (at % 2));
    sum += Math.floor(product / 36) + (product % 36);
  }
  return BASE36[(36 - (sum % 36)) % 36] === text[14]!.toUpperCase();
}

/** Chinese resident identity number: a date, and ISO 7064 MOD 11-2. */
export function isResidentId(text: string): boolean {
  const digits = digitsOf(text.slice(0, 17));
  if (!isDate(numberAt(digits, 6, 10), numberAt(digits, 10, 12), numberAt(digits, 12, 14)) || numberAt(digits, 6, 8) < 18) return false;
  return '10X98765432'[weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] === text.at(-1)!.toUpperCase();
}

/** Japanese My Number: modulo 11. */
export function isMyNumber(text: string): boolean {
  const digits = digitsOf(text);
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return digits.length === 12 && !isRepeated(digits) && (rest <= 1 ? 0 : 11 - rest) === digits[11];
}

/** Korean resident registration number: a date and modulo 11. Why no checksum for recent ones: since 2020 the last digits are random. */
export function isRrn(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 13 || !isDate(numberAt(digits, 0, 2), numberAt(digits, 2, 4), numberAt(digits, 4, 6))) return false;
  const recent = digits[6]! >= 3 && digits[6]! <= 8 && numberAt(digits, 0, 2) >= 20 && numberAt(digits, 0, 2) < 40;
  return recent || (11 - (weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === digits[12];
}

/** Singapore NRIC or FIN: weighted digits modulo 11 as a letter that depends on the series. */
export function isNric(text: string): boolean {
  const value = compact(text);
  const series = value[0]!;
  const sum = weighted(digitsOf(value), [2, 7, 6, 5, 4, 3, 2]) + (series === 'T' || series === 'G' ? 4 : series === 'M' ? 3 : 0);
  const letters = series === 'S' || series === 'T' ? 'JZIHGFEDCBA' : series === 'M' ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK';
  const rest = series === 'M' ? 10 - (sum % 11) : sum % 11;
  return letters[rest] === value.at(-1);
}

/** Australian tax file number: modulo 11. */
export function isTfn(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 9 && !isRepeated(digits) && weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
}

/** Australian Medicare number: the ninth digit checks the first eight. */
export function isMedicare(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length >= 10 && digits[0]! >= 2 && digits[0]! <= 6 && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digits[8];
}

/** Australian business number: modulo 89. */
export function isAbn(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 11 && digits[0] !== 0 && (weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0;
}

/** Thai national id: modulo 11. */
export function isThaiId(text: string): boolean {
  const digits = digitsOf(text);
  return (
    digits.length === 13 &&
    digits[0] !== 0 &&
    !isRepeated(digits) &&
    (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digits[12]
  );
}

/** Israeli identity number: Luhn over nine digits. */
export function isIsraeliId(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 9 && !isRepeated(digits) && luhn(digits);
}

/** New Zealand IRD number: modulo 11 with two sets of weights. */
export function isIrd(text: string): boolean {
  const digits = digitsOf(text);
  while (digits.length < 9) digits.unshift(0);
  if (numberAt(digits, 0, 9) < 10_000_000) return false;
  const first = (11 - (weighted(digits, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  const check = first === 10 ? (11 - (weighted(digits, [7, 4, 3, 2, 5, 2, 7, 6]) % 11)) % 11 : first;
  return check === digits[8];
}
