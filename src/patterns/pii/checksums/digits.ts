/** The digits of a text as numbers, everything else left out. */
export function digitsOf(text: string): number[] {
  const out: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) out.push(code - 48);
  }
  return out;
}

/** Sum of digit times weight over the first `weights.length` digits. */
export function weighted(digits: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += (digits[at] ?? 0) * weights[at]!;
  return sum;
}

/** Letters and digits of a text in upper case. */
export function compact(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
}

/** Whether all digits are the same: every checksum accepts some of these, and they are placeholders. */
export function isRepeated(digits: readonly number[]): boolean {
  return digits.every((digit) => digit === digits[0]);
}

/** Whether year, month and day exist in the calendar; a two-digit year may be of any century. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0 || year < 100);
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}

/** The number that the digits from `from` to `to` write. */
export function numberAt(digits: readonly number[], from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + (digits[at] ?? 0);
  return value;
}
