import { mod11And10 } from '../checksums/iso7064.ts';
import { compact, digitsOf, isDate, isRepeated, numberAt, weighted } from '../checksums/digits.ts';
import { luhn } from '../checksums/luhn.ts';

const NINO_PREFIX = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]/;

/** UK national insurance number: allocated prefixes only; it has no check digit. */
export function isNino(text: string): boolean {
  return NINO_PREFIX.test(compact(text));
}

/** UK NHS number: modulo 11. */
export function isNhsNumber(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 10 && !isRepeated(digits) && weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;
}

/** German tax id: ISO 7064 MOD 11,10; one digit occurs twice or three times among the first ten, the first is not 0. */
export function isSteuerId(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 11 || digits[0] === 0 || !mod11And10(digits)) return false;
  const different = new Set(digits.slice(0, 10)).size;
  return different === 9 || different === 8;
}

/** German identity card or passport number with check digit: weights 7, 3, 1 (ICAO 9303). */
export function isAusweisnummer(text: string): boolean {
  const value = compact(text);
  return checkIcao(value.slice(0, 9)) === Number(value[9]);
}

/** German pension insurance number: area, birth date, letter, serial, check digit. */
export function isRentenversicherungsnummer(text: string): boolean {
  const value = compact(text);
  const letter = String(value.charCodeAt(8) - 64).padStart(2, '0');
  const digits = digitsOf(value.slice(0, 8) + letter + value.slice(9));
  const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
  const sum = weights.reduce((total, weight, at) => total + Math.floor((digits[at]! * weight) / 10) + ((digits[at]! * weight) % 10), 0);
  return numberAt(digits, 4, 6) <= 12 && sum % 10 === digits[12];
}

function checkIcao(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length; at++) sum += Number.parseInt(text[at]!, 36) * [7, 3, 1][at % 3]!;
  return sum % 10;
}

/** French NIR (social security): 97 less the number modulo 97; Corsica's 2A and 2B count as 19 and 18. */
export function isNir(text: string): boolean {
  const value = compact(text);
  const number = value.slice(0, 13).replace('2A', '19').replace('2B', '18');
  if (!/^\d{13}$/.test(number) || value.length !== 15) return false;
  return 97 - Number(BigInt(number) % 97n) === Number(value.slice(13));
}

/** French SIRET: Luhn. */
export function isSiret(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 14 && !isRepeated(digits) && luhn(digits);
}

/** Dutch BSN: the eleven test. */
export function isBsn(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 9 && !isRepeated(digits) && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
}

/** Belgian national number: 97 less the first nine digits modulo 97, with a 2 before them for births since 2000. */
export function isBelgianNationalNumber(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 11 || numberAt(digits, 2, 4) > 72 || numberAt(digits, 4, 6) > 31) return false;
  const number = numberAt(digits, 0, 9);
  const check = numberAt(digits, 9, 11);
  return 97 - (number % 97) === check || 97 - ((2_000_000_000 + number) % 97) === check;
}

/** Swiss AHV number: EAN-13 with the country prefix 756. */
export function isAhv(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 13 && weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

/** Austrian social insurance number: the fourth digit checks the others modulo 11; a birth date follows. */
export function isSvnr(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 10 || digits[0] === 0) return false;
  const sum = weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]);
  return (
    sum % 11 === digits[3] &&
    numberAt(digits, 6, 8) <= 13 &&
    isDate(numberAt(digits, 8, 10), Math.min(12, numberAt(digits, 6, 8)), numberAt(digits, 4, 6))
  );
}

/** Irish PPS number: weighted digits modulo 23 as a letter. */
export function isPps(text: string): boolean {
  const value = compact(text);
  const second = value.length === 9 && value[8] !== 'W' ? value.charCodeAt(8) - 64 : 0;
  const sum = weighted(digitsOf(value.slice(0, 7)), [8, 7, 6, 5, 4, 3, 2]) + second * 9;
  return 'WABCDEFGHIJKLMNOPQRSTUV'[sum % 23] === value[7];
}
