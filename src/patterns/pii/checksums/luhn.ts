/** Luhn check (ISO/IEC 7812-1): payment cards, IMEI, SIN, NPI and others. */
export function luhn(digits: readonly number[]): boolean {
  let sum = 0;
  for (let back = 0; back < digits.length; back++) {
    const digit = digits[digits.length - 1 - back]!;
    const value = back % 2 === 1 ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
