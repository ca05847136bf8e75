import { createHmac } from 'node:crypto';

/** Kinds of data that keep their format, so that what reads the text goes on working. */
export const FORMATS: ReadonlySet<string> = new Set(['PAYMENT_CARD', 'EMAIL', 'BIRTH_DATE', 'PHONE', 'IP_ADDRESS']);

/** How values are disguised. */
export interface DisguiseOptions {
  /** Secret of the conversation: the same value gets the same disguise, and nobody else can compute it. */
  readonly key: Uint8Array;
  /** Keep the domain of an e-mail address. */
  readonly keepDomain?: boolean;
}

/** A value of the same format that is not the value; undefined for a kind that has no format to keep. */
export function disguise(entity: string, value: string, options: DisguiseOptions, attempt = 0): string | undefined {
  const bytes = (purpose: string): Uint8Array =>
    createHmac('sha512', options.key).update(`${purpose}\0${entity}\0${attempt}\0${value}`).digest();
  switch (entity) {
    case 'PAYMENT_CARD':
      return disguiseCard(value, bytes('card'));
    case 'EMAIL':
      return disguiseEmail(value, bytes('email'), options.keepDomain === true);
    case 'BIRTH_DATE':
      // Why not the value: all dates of a conversation move together, so that the time between them stays.
      return shiftDate(value, createHmac('sha512', options.key).update(`date\0${attempt}`).digest());
    case 'PHONE':
      return replaceDigits(value, bytes('phone'), 3, 0);
    case 'IP_ADDRESS':
      return value.includes(':') ? `2001:db8::${bytesToHex(bytes('ip').subarray(0, 2))}` : `192.0.2.${1 + (bytes('ip')[0]! % 254)}`;
    default:
      return undefined;
  }
}

/** Keeps the last four digits and the separators, and stays valid under Luhn. Begins with 9, which no issuer uses for payment. */
function disguiseCard(value: string, random: Uint8Array): string {
  const digits = value.replace(/\D/g, '');
  const made = Array.from(digits, (digit, at) => (at === 0 ? 9 : at >= digits.length - 4 ? Number(digit) : random[at]! % 10));
  const sum = made.reduce((total, digit, at) => {
    const doubled = (digits.length - 1 - at) % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  // The digit before the last four has a place whose weight is 1 or 2 according to the length: try all ten.
  const place = digits.length - 5;
  const weight = (digit: number): number => ((digits.length - 1 - place) % 2 === 1 ? (digit * 2 > 9 ? digit * 2 - 9 : digit * 2) : digit);
  const rest = sum - weight(made[place]!);
  made[place] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((digit) => (rest + weight(digit)) % 10 === 0)!;
  let next = 0;
  return value.replace(/\d/g, () => String(made[next++]));
}

function disguiseEmail(value: string, random: Uint8Array, keepDomain: boolean): string {
  const domain = value.slice(value.lastIndexOf('@') + 1);
  return `user-${bytesToHex(random.subarray(0, 5))}@${keepDomain ? domain : 'example.com'}`;
}

/** Moves a numeric date by up to ten years; undefined for a date in words. */
function shiftDate(value: string, random: Uint8Array): string | undefined {
  const found = /^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})$/.exec(value);
  if (found === null) return undefined;
  const days = (((random[0]! << 8) | random[1]!) % 3650) + 31;
  const [first, middle, last] = [found[1]!, found[3]!, found[4]!];
  const yearFirst = first.length === 4;
  const year = Number(yearFirst ? first : last.length === 4 ? last : `19${last}`);
  // Where the month stands is decided as far as the numbers tell; the other order gives a date as well.
  const dayFirst = !yearFirst && Number(middle) <= 12;
  const month = Number(yearFirst || dayFirst ? middle : first);
  const day = Number(yearFirst ? last : dayFirst ? first : middle);
  const date = new Date(Date.UTC(year, month - 1, day) - days * 86_400_000);
  const parts = {
    year: String(date.getUTCFullYear()),
    month: String(date.getUTCMonth() + 1).padStart(2, '0'),
    day: String(date.getUTCDate()).padStart(2, '0'),
  };
  if (yearFirst) return [parts.year, parts.month, parts.day].join(found[2]);
  const shown = last.length === 4 ? parts.year : parts.year.slice(-2);
  return (dayFirst ? [parts.day, parts.month, shown] : [parts.month, parts.day, shown]).join(found[2]);
}

/** Other digits in the same places; the first and the last ones may stay. */
function replaceDigits(value: string, random: Uint8Array, keepFirst: number, keepLast: number): string {
  const total = value.replace(/\D/g, '').length;
  let at = 0;
  return value.replace(/\d/g, (digit) => {
    const place = at++;
    return place < keepFirst || place >= total - keepLast ? digit : String(random[place % random.length]! % 10);
  });
}

function bytesToHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
