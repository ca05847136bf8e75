import { compact, digitsOf, isDate, isRepeated, numberAt, weighted } from '../checksums/digits.ts';
import { luhn } from '../checksums/luhn.ts';

/** US SSN: no area 000, 666 or 9xx, no group 00, no serial 0000 (SSA). */
export function isSsn(text: string): boolean {
  const digits = digitsOf(text);
  const area = numberAt(digits, 0, 3);
  return area !== 0 && area !== 666 && area < 900 && numberAt(digits, 3, 5) !== 0 && numberAt(digits, 5, 9) !== 0 && !isRepeated(digits);
}

/** US ITIN: area 9xx and a group of the ranges that the IRS assigns. */
export function isItin(text: string): boolean {
  const group = numberAt(digitsOf(text), 3, 5);
  return (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 92) || (group >= 94 && group <= 99);
}

/** US bank routing number: weights 3, 7, 1 and a prefix of the Federal Reserve. */
export function isRoutingNumber(text: string): boolean {
  const digits = digitsOf(text);
  const prefix = numberAt(digits, 0, 2);
  const assigned = prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix === 80;
  return digits.length === 9 && assigned && !isRepeated(digits) && weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;
}

/** US national provider identifier: Luhn with the prefix 80840 of health cards. */
export function isNpi(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 10 && luhn([8, 0, 8, 4, 0, ...digits]);
}

/** US DEA number: two sums of alternating digits. */
export function isDea(text: string): boolean {
  const digits = digitsOf(compact(text).slice(2));
  return (weighted(digits, [1, 0, 1, 0, 1]) + 2 * weighted(digits, [0, 1, 0, 1, 0, 1])) % 10 === digits[6];
}

/** Canadian SIN: Luhn; does not begin with 0 or 8. */
export function isSin(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 9 && digits[0] !== 0 && digits[0] !== 8 && !isRepeated(digits) && luhn(digits);
}

/** Brazilian CPF: two check digits modulo 11. */
export function isCpf(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 11 || isRepeated(digits)) return false;
  const first = (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11;
  const second = (weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11;
  return first % 10 === digits[9] && second % 10 === digits[10];
}

/** Brazilian CNPJ: two check digits modulo 11; letters are allowed since 2026, each worth its code less 48. */
export function isCnpj(text: string): boolean {
  const values = [...compact(text)].map((letter) => letter.charCodeAt(0) - 48);
  if (values.length !== 14 || isRepeated(values)) return false;
  const check = (weights: readonly number[]): number => {
    const rest = weighted(values, weights) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  return check([5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === values[12] && check([6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) === values[13];
}

/** Mexican CURP: a date and modulo 10 over an alphabet with Ñ. */
export function isCurp(text: string): boolean {
  const value = text.toUpperCase();
  const digits = digitsOf(value.slice(4, 10));
  if (!isDate(numberAt(digits, 0, 2), numberAt(digits, 2, 4), numberAt(digits, 4, 6))) return false;
  let sum = 0;
  for (let at = 0; at < 17; at++) sum += '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ'.indexOf(value[at]!) * (18 - at);
  return (10 - (sum % 10)) % 10 === Number(value[17]);
}

/** Chilean RUT: modulo 11, 10 written as K. */
export function isRut(text: string): boolean {
  const value = compact(text);
  const body = digitsOf(value.slice(0, -1)).toReversed();
  const rest = 11 - (body.reduce((total, digit, at) => total + digit * (2 + (at % 6)), 0) % 11);
  return !isRepeated(body) && (rest === 11 ? '0' : rest === 10 ? 'K' : String(rest)) === value.at(-1);
}

/** Argentine CUIT: modulo 11. */
export function isCuit(text: string): boolean {
  const digits = digitsOf(text);
  return (
    digits.length === 11 &&
    [20, 23, 24, 25, 26, 27, 30, 33, 34].includes(numberAt(digits, 0, 2)) &&
    weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

/** South African id: a date and Luhn. */
export function isSouthAfricanId(text: string): boolean {
  const digits = digitsOf(text);
  return (
    digits.length === 13 &&
    digits[10]! <= 2 &&
    isDate(numberAt(digits, 0, 2), numberAt(digits, 2, 4), numberAt(digits, 4, 6)) &&
    luhn(digits)
  );
}
