import { expect, test } from 'vitest';
import * as americas from './americas-africa.ts';
import * as asia from './asia-pacific.ts';
import * as north from './europe-north.ts';
import * as southEast from './europe-south-east.ts';
import * as west from './europe-west.ts';
import * as universal from './universal.ts';

/** Documented examples of valid numbers. Each is also tried with every digit changed. */
const VALID: readonly (readonly [string, (text: string) => boolean, string])[] = [
  ['payment card', universal.isPaymentCard, '4539 1488 0343 6467'],
  ['American Express', universal.isPaymentCard, '3782 822463 10005'],
  ['IBAN of Germany', universal.isIban, 'DE89 3704 0044 0532 0130 00'],
  ['IBAN of Norway', universal.isIban, 'NO93 8601 1117 947'],
  ['IBAN of Malta', universal.isIban, 'MT84MALT011000012345MTLCAST001S'],
  ['IMEI', universal.isImei, '490154203237518'],
  ['VIN', universal.isVin, '1M8GDM9AXKP042788'],
  ['NHS', west.isNhsNumber, '943 476 5919'],
  ['Steuer-ID', west.isSteuerId, '86095742719'],
  ['Ausweisnummer', west.isAusweisnummer, 'T220001293'],
  ['NIR', west.isNir, '255081416802538'],
  ['SIRET', west.isSiret, '732 829 320 00074'],
  ['BSN', west.isBsn, '111222333'],
  ['Belgian national number', west.isBelgianNationalNumber, '85.07.30-033.28'],
  ['AHV', west.isAhv, '756.9217.0769.85'],
  ['SVNR', west.isSvnr, '1237010180'],
  ['PPS', west.isPps, '1234567T'],
  ['personnummer', north.isPersonnummer, '811228-9874'],
  ['HETU', north.isHetu, '131052-308T'],
  ['NIF', southEast.isNifOrNie, '12345678Z'],
  ['NIE', southEast.isNifOrNie, 'X1234567L'],
  ['CIF', southEast.isCif, 'A58818501'],
  ['codice fiscale', southEast.isCodiceFiscale, 'RSSMRA85T10A562S'],
  ['Portuguese NIF', southEast.isPortugueseNif, '501442600'],
  ['PESEL', southEast.isPesel, '44051401359'],
  ['NIP', southEast.isNip, '526-104-08-28'],
  ['OIB', southEast.isOib, '69435151530'],
  ['CNP', southEast.isCnp, '1800101221144'],
  ['TCKN', southEast.isTckn, '10000000146'],
  ['Aadhaar', asia.isAadhaar, '2341 2341 2346'],
  ['GSTIN', asia.isGstin, '27AAPFU0939F1ZV'],
  ['resident id', asia.isResidentId, '11010519491231002X'],
  ['My Number', asia.isMyNumber, '123456789018'],
  ['NRIC', asia.isNric, 'S1234567D'],
  ['TFN', asia.isTfn, '123 456 782'],
  ['Medicare', asia.isMedicare, '2123 45670 1'],
  ['ABN', asia.isAbn, '51 824 753 556'],
  ['IRD', asia.isIrd, '49091850'],
  ['Israeli id', asia.isIsraeliId, '000000018'],
  ['routing number', americas.isRoutingNumber, '021000021'],
  ['NPI', americas.isNpi, '1234567893'],
  ['DEA', americas.isDea, 'AB1234563'],
  ['SIN', americas.isSin, '130 692 544'],
  ['CPF', americas.isCpf, '529.982.247-25'],
  ['CNPJ', americas.isCnpj, '11.222.333/0001-81'],
  ['CNPJ with letters', americas.isCnpj, '12.ABC.345/01DE-35'],
  ['CURP', americas.isCurp, 'HEGG560427MVZRRL04'],
  ['RUT', americas.isRut, '12.345.678-5'],
  ['CUIT', americas.isCuit, '20-12345678-6'],
  ['South African id', americas.isSouthAfricanId, '8001015009087'],
];

test.each(VALID)('%s', (_name, check, value) => {
  expect(check(value)).toBe(true);
  let wrong = 0;
  let passed = 0;
  for (let at = 0; at < value.length; at++) {
    if (!/\d/.test(value[at]!)) continue;
    for (let digit = 0; digit < 10; digit++) {
      if (String(digit) === value[at]) continue;
      wrong++;
      if (check(value.slice(0, at) + String(digit) + value.slice(at + 1))) passed++;
    }
  }
  // A few checksums let some wrong digits pass by design (modulo 11 with 10 folded, digits outside the sum).
  expect(passed / wrong).toBeLessThan(0.25);
});

test('numbers without a checksum must be assigned ones', () => {
  expect(americas.isSsn('123-45-6789')).toBe(true);
  for (const text of ['000-12-3456', '666-12-3456', '900-12-3456', '123-00-4567', '123-45-0000', '111-11-1111'])
    expect(americas.isSsn(text)).toBe(false);
  expect(americas.isItin('912-70-1234')).toBe(true);
  expect(americas.isItin('912-93-1234')).toBe(false);
  expect(west.isNino('AB123456C')).toBe(true);
  expect(west.isNino('QQ123456C')).toBe(false);
  expect(north.isCpr('010190-1234')).toBe(true);
  expect(north.isCpr('320190-1234')).toBe(false);
  expect(asia.isRrn('210101-3123456')).toBe(true);
});

test('cards: range, length, groups and samples', () => {
  expect(universal.isPaymentCard('4539148803436467')).toBe(true);
  expect(universal.isPaymentCard('453 9148 8034 36467')).toBe(false);
  expect(universal.isPaymentCard('9999999999999995')).toBe(false);
  expect(universal.isTestCard('4111-1111-1111-1111')).toBe(true);
});

test('addresses of networks', () => {
  for (const text of ['192.168.1.17', '84.112.3.9', '10.0.0.8', '8.8.8.8']) expect(universal.isPersonalIpv4(text)).toBe(true);
  for (const text of ['127.0.0.1', '0.0.0.0', '1.2.3.4', '256.1.1.1', '255.255.255.0', '1.02.3.200'])
    expect(universal.isPersonalIpv4(text)).toBe(false);
  for (const text of ['2001:db8::ff00:42:8329', 'fe80::1ff:fe23:4567:890a', '2001:0db8:85a3:0000:0000:8a2e:0370:7334'])
    expect(universal.isPersonalIpv6(text)).toBe(true);
  for (const text of ['::1', '1:2:3', 'a::b::c', '12:30:45']) expect(universal.isPersonalIpv6(text)).toBe(false);
});
