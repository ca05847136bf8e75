import { compact, digitsOf, isRepeated, numberAt } from '../checksums/digits.ts';
import { luhn } from '../checksums/luhn.ts';
import { mod97 } from '../checksums/mod97.ts';

/** Numbers that payment providers document for tests: real forms that belong to nobody. */
const TEST_CARDS = new Set(
  `4111111111111111 4242424242424242 4000056655665556 4012888888881881 4222222222222 5555555555554444 5105105105105100 5200828282828210
  2223003122003222 378282246310005 371449635398431 378734493671000 6011111111111117 6011000990139424 30569309025904 38520000023237 3530111333300000
  3566002020360505 6200000000000005 4000000000000002 4000000000009995 5454545454545454 4917610000000000 4444333322221111 4007000000027`
    .trim()
    .split(/\s+/),
);

/** Payment card: Luhn, the length that its issuer's range uses, and digits grouped as cards print them. */
export function isPaymentCard(text: string): boolean {
  const digits = digitsOf(text);
  if (!luhn(digits) || isRepeated(digits) || (new Set(digits).size < 3 && !TEST_CARDS.has(digits.join('')))) return false;
  const groups = text.split(/[ -]/).map(({ length }) => length);
  const printed =
    groups.length === 1 || groups.slice(0, -1).every((length) => length === 4) || groups.join() === '4,6,5' || groups.join() === '4,6,4';
  return printed && cardLengths(digits).includes(digits.length);
}

/** Card number of any issuer, for where words say that it is one: Luhn over 12 to 19 digits. */
export function isNamedCard(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length >= 12 && digits.length <= 19 && luhn(digits) && new Set(digits).size >= 3 && !isTestCard(text);
}

/** Whether a card number is one of those that payment providers document for tests. */
export function isTestCard(text: string): boolean {
  return TEST_CARDS.has(digitsOf(text).join(''));
}

function cardLengths(digits: readonly number[]): readonly number[] {
  const [two, three, four] = [numberAt(digits, 0, 2), numberAt(digits, 0, 3), numberAt(digits, 0, 4)];
  if (digits[0] === 4) return [13, 16, 19];
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return [16];
  if (two === 34 || two === 37) return [15];
  if (four === 6011 || (three >= 644 && three <= 649) || two === 65 || two === 62) return [16, 17, 18, 19];
  if ((three >= 300 && three <= 305) || two === 36 || two === 38 || two === 39) return [14, 16, 19];
  if (four >= 3528 && four <= 3589) return [16, 17, 18, 19];
  if (four === 2131 || four === 1800) return [15];
  if (four >= 2200 && four <= 2204) return [16, 17, 18, 19];
  if (two === 50 || (two >= 56 && two <= 58) || two === 63 || two === 67) return [12, 13, 14, 15, 16, 17, 18, 19];
  return [];
}

/** Length of an IBAN by country (SWIFT IBAN registry). */
const IBAN_LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  `AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23
  GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15
  OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`
    .trim()
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** IBAN: the length of its country, and ISO 7064 MOD 97-10 with the first four characters moved to the end. */
export function isIban(text: string): boolean {
  const value = compact(text);
  return IBAN_LENGTHS[value.slice(0, 2)] === value.length && mod97(value.slice(4) + value.slice(0, 4)) === 1;
}

/** IMEI: Luhn over fifteen digits. */
export function isImei(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length === 15 && !isRepeated(digits) && luhn(digits);
}

const VIN_VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  [...'ABCDEFGHJKLMNPRSTUVWXYZ'].map((letter, at) => [letter, [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9][at]!]),
);
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** Vehicle identification number: modulo 11 in the ninth place (ISO 3779 as used in North America and China). */
export function isVin(text: string): boolean {
  let sum = 0;
  for (let at = 0; at < 17; at++) sum += (VIN_VALUES[text[at]!] ?? Number(text[at])) * VIN_WEIGHTS[at]!;
  return '0123456789X'[sum % 11] === text[8] && /\d/.test(text) && /[A-Z]/.test(text);
}

/** IPv4 address that can belong to somebody: not loopback, unspecified, broadcast, documentation, nor a version number of small parts. */
export function isPersonalIpv4(text: string): boolean {
  const parts = text.split('.').map(Number);
  if (parts.some((part) => part > 255) || /(?:^|\.)0\d/.test(text)) return false;
  const [first, second, third] = [parts[0]!, parts[1]!, parts[2]!];
  if (first === 0 || first === 127 || first >= 224) return false;
  // Why: 1.2.3.4 is a version or an example far more often than an address.
  return parts.some((part) => part > 31) || first === 10 || (first === 8 && second === 8 && third === 8);
}

/** IPv6 address that can belong to somebody: eight groups, or one `::`. */
export function isPersonalIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2 || text === '::' || text === '::1') return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (groups.some((group) => group.length > 4 || group === '')) return false;
  return halves.length === 1 ? groups.length === 8 : groups.length <= 7 && groups.length >= 2 && /\d/.test(text);
}

/** E.164 phone number: 8 to 15 digits, and not a number with a decimal point. */
export function isInternationalPhone(text: string): boolean {
  const digits = digitsOf(text);
  return digits.length >= 8 && digits.length <= 15 && !isRepeated(digits.slice(3)) && !/^\+\d{1,3}\.\d+$/.test(text);
}
