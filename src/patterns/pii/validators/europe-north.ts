import { compact, digitsOf, isDate, numberAt, weighted } from '../checksums/digits.ts';
import { luhn } from '../checksums/luhn.ts';

/** Swedish personnummer: a date (60 added to the day for coordination numbers) and Luhn over the last ten digits. */
export function isPersonnummer(text: string): boolean {
  const digits = digitsOf(text).slice(-10);
  return isDate(numberAt(digits, 0, 2), numberAt(digits, 2, 4), numberAt(digits, 4, 6) % 60) && luhn(digits);
}

/** Norwegian fødselsnummer: a date (40 added to the day for D-numbers) and two check digits modulo 11. */
export function isFodselsnummer(text: string): boolean {
  const digits = digitsOf(text);
  return (
    isDate(numberAt(digits, 4, 6), numberAt(digits, 2, 4) % 40, numberAt(digits, 0, 2) % 40) &&
    weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

/** Danish CPR number: a date. Why no checksum: numbers issued since 2007 have none. */
export function isCpr(text: string): boolean {
  const digits = digitsOf(text);
  return isDate(numberAt(digits, 4, 6), numberAt(digits, 2, 4), numberAt(digits, 0, 2));
}

/** Finnish HETU: a date, and nine digits modulo 31 as a letter. */
export function isHetu(text: string): boolean {
  const digits = digitsOf(text.slice(0, 10));
  return (
    isDate(numberAt(digits, 4, 6), numberAt(digits, 2, 4), numberAt(digits, 0, 2)) &&
    '0123456789ABCDEFHJKLMNPRSTUVWXY'[numberAt(digits, 0, 9) % 31] === compact(text).at(-1)
  );
}
