import { digitsOf, isRepeated } from '../checksums/digits.ts';
import { luhn } from '../checksums/luhn.ts';

/** Luhn over all digits of a text, placeholders of one repeated digit excepted. */
export function luhnOf(text: string): boolean {
  const digits = digitsOf(text);
  return !isRepeated(digits) && luhn(digits);
}
