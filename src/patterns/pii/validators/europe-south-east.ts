import { mod11And10 } from '../checksums/iso7064.ts';
import { compact, digitsOf, isDate, isRepeated, numberAt, weighted } from '../checksums/digits.ts';

const NIF_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Spanish NIF or NIE: the number modulo 23 as a letter; X, Y, Z before it are 0, 1, 2. */
export function isNifOrNie(text: string): boolean {
  const value = compact(text);
  const number = value.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return NIF_LETTERS[Number(number) % 23] === value.at(-1);
}

/** Spanish CIF of companies: a Luhn-like digit or its letter. */
export function isCif(text: string): boolean {
  const value = compact(text);
  const digits = digitsOf(value.slice(1, 8));
  const sum = digits.reduce((total, digit, at) => total + (at % 2 === 1 ? digit : Math.floor((digit * 2) / 10) + ((digit * 2) % 10)), 0);
  const check = (10 - (sum % 10)) % 10;
  return value[8] === String(check) || value[8] === 'JABCDEFGHI'[check];
}

const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Italian codice fiscale: odd places through a table, modulo 26 as a letter. */
export function isCodiceFiscale(text: string): boolean {
  const value = compact(text);
  let sum = 0;
  for (let at = 0; at < 15; at++) {
    const code = value.charCodeAt(at);
    const rank = code < 58 ? code - 48 : code - 65;
    sum += at % 2 === 0 ? ODD[rank]! : rank;
  }
  return value.charCodeAt(15) - 65 === sum % 26;
}

/** Portuguese NIF: modulo 11. */
export function isPortugueseNif(text: string): boolean {
  const digits = digitsOf(text);
  const rest = 11 - (weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return digits.length === 9 && !isRepeated(digits) && (rest > 9 ? 0 : rest) === digits[8];
}

/** Polish PESEL: a date whose month carries the century, and modulo 10. */
export function isPesel(text: string): boolean {
  const digits = digitsOf(text);
  return (
    digits.length === 11 &&
    isDate(numberAt(digits, 0, 2), numberAt(digits, 2, 4) % 20, numberAt(digits, 4, 6)) &&
    weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0
  );
}

/** Polish NIP: modulo 11. */
export function isNip(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 10 && !isRepeated(digits) && weighted(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digits[9];
}

/** Croatian OIB: ISO 7064 MOD 11,10. */
export function isOib(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 11 && !isRepeated(digits) && mod11And10(digits);
}

/** Czech and Slovak birth number: a date (50 or 20 added to the month) divisible by eleven. */
export function isRodneCislo(text: string): boolean {
  const digits = digitsOf(text);
  return (
    digits.length === 10 &&
    isDate(numberAt(digits, 0, 2), (numberAt(digits, 2, 4) % 50) % 20, numberAt(digits, 4, 6)) &&
    numberAt(digits, 0, 10) % 11 === 0
  );
}

/** Romanian CNP: a date and modulo 11. */
export function isCnp(text: string): boolean {
  const digits = digitsOf(text);
  const rest = weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
  return (
    digits.length === 13 &&
    isDate(numberAt(digits, 1, 3), numberAt(digits, 3, 5), numberAt(digits, 5, 7)) &&
    (rest === 10 ? 1 : rest) === digits[12]
  );
}

/** Turkish TCKN: two check digits modulo 10. */
export function isTckn(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 11 || digits[0] === 0) return false;
  const tenth = ((weighted(digits, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10) + 10) % 10;
  return tenth === digits[9] && weighted(digits, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 === digits[10];
}

/** Greek AFM: powers of two modulo 11. */
export function isAfm(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 9 && !isRepeated(digits) && (weighted(digits, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === digits[8];
}
