import type { PatternDefinition } from '../matching/pattern.ts';
import { isBase58Check } from './checksums/base58.ts';
import { isBech32 } from './checksums/bech32.ts';
import { isEthereumAddress } from './checksums/keccak.ts';
import { behindLetter, pii } from './define.ts';
import * as check from './validators/universal.ts';

const HEX = ['a', 'b', 'c', 'd', 'e', 'f', '0'];
// Why no point before it: the digits behind a decimal point pass the checksum one time in ten.
const CARD = '(?<!\\.)[2-6]\\d{3}(?:[ -]?\\d){8,15}';

const CARD_WORDS = [
  'card',
  'card number',
  'card no',
  'creditcard',
  'cc',
  'visa',
  'mastercard',
  'amex',
  'american express',
  'discover',
  'maestro',
  'kreditkarte',
  'karte',
  'carte bancaire',
  'carte bleue',
  'tarjeta',
  'carta di credito',
  'cartão',
  'creditkaart',
  'karta',
  'kort',
];

/** What the name of a mailbox is made of, in scripts that put spaces between words, and in those that do not. */
const SPACED = 'A-Za-z0-9._%+\\u00c0-\\u0dff\\u0f00-\\u0fff\\u10a0-\\u177f\\u1800-\\u2e7f\\ua000-\\uf8ff\\ufb00-\\uff65\\uffa0-\\uffef-';
/**
 * Why only four of these in a name: nothing tells where in a row of them it begins, so that a sentence before it would count as part of it,
 * and a stream would hold back as much of every sentence.
 */
const UNSPACED = '\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u2e80-\\u2fff\\u3005-\\u3007\\u3021-\\u9fff\\uf900-\\ufaff\\uff66-\\uff9f';

/** Identifiers that no single country issues: cards, accounts, addresses of mail, networks, vehicles and coins. */
export const UNIVERSAL: readonly PatternDefinition[] = [
  {
    id: 'pii.email',
    title: 'E-mail address',
    entity: 'EMAIL',
    // Lengths: RFC 5321 allows 64 before the @.
    source:
      "(?<![A-Za-z0-9._%+'-])[A-Za-z0-9_](?:[A-Za-z0-9._%+'-]{0,62}[A-Za-z0-9_-])?@(?:[A-Za-z0-9-]{1,40}\\.){1,5}[A-Za-z]{2,24}(?![A-Za-z0-9-])",
    triggers: ['@'],
    specificity: 75,
    score: 1,
  },
  {
    id: 'pii.email',
    title: 'E-mail address outside ASCII',
    entity: 'EMAIL',
    source: `(?<![A-Za-z0-9._%+-])(?:[${SPACED}]{1,64}|[${SPACED}]{0,20}[${UNSPACED}]{1,4}[${SPACED}]{0,20})@(?:[A-Za-z0-9\\u00c0-\\uffef-]{1,40}\\.){1,4}[A-Za-z\\u00c0-\\uffef]{2,24}(?![A-Za-z0-9-])`,
    triggers: ['@'],
    validate: (text) => /[^\0-\x7f]/.test(text) && !/[\u3000-\u303f\uff00-\uff0f\uff1a-\uff20]/.test(text),
    specificity: 74,
    score: 0.9,
  },
  pii({
    id: 'pii.payment-card',
    title: 'Payment card number',
    entity: 'PAYMENT_CARD',
    source: CARD,
    triggers: ['0000'],
    validate: (text) => check.isPaymentCard(text) && !check.isTestCard(text),
    evidence: 'checksum',
  }),
  {
    ...pii({
      id: 'pii.payment-card-sample',
      title: 'Documented test card number',
      entity: 'PAYMENT_CARD',
      source: CARD,
      triggers: ['0000'],
      evidence: 'checksum',
    }),
    validate: (text) => check.isTestCard(text) && check.isPaymentCard(text),
    // Why so low: it belongs to nobody. It is still redacted unless a threshold says otherwise.
    score: 0.5,
  },
  pii({
    id: 'pii.payment-card',
    title: 'Payment card number behind a word that says so',
    entity: 'PAYMENT_CARD',
    source: '\\d{12,19}|\\d{4}(?:[ -]\\d{4}){2,3}(?:[ -]\\d{1,3})?|\\d{4}[ -]\\d{6}[ -]\\d{4,5}',
    triggers: CARD_WORDS.map((word) => word.split(' ')[0]!),
    anchor: 'context',
    context: { words: CARD_WORDS, within: 40, adjacent: 'near' },
    validate: check.isNamedCard,
    evidence: 'named',
  }),
  pii({
    id: 'pii.card-security-code',
    title: 'Card security code',
    entity: 'CARD_SECURITY_CODE',
    source: '\\d{3,4}',
    triggers: ['cvv', 'cvc', 'cvc2', 'cid', 'security code'],
    anchor: 'context',
    context: { words: ['cvv', 'cvv2', 'cvc', 'cvc2', 'cid', 'card security code', 'security code'], within: 32, adjacent: 'near' },
    evidence: 'context',
  }),
  pii({
    id: 'pii.card-expiry',
    title: 'Card expiry date',
    entity: 'CARD_EXPIRY',
    source: '(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?[2-4]\\d',
    triggers: ['exp', 'valid thru', 'valid until', 'good thru'],
    anchor: 'context',
    context: {
      words: [
        'exp',
        'expiry',
        'expires',
        'expiration',
        'expiry date',
        'expiration date',
        'exp date',
        'valid thru',
        'valid until',
        'good thru',
      ],
      within: 32,
      adjacent: 'near',
    },
    evidence: 'context',
  }),
  pii({
    id: 'pii.iban',
    title: 'International bank account number',
    entity: 'IBAN',
    source: '[A-Za-z]{2}\\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?',
    triggers: behindLetter('00'),
    validate: check.isIban,
    evidence: 'checksum',
  }),
  pii({
    id: 'pii.bic',
    title: 'Bank identifier code',
    entity: 'BIC',
    source: '[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?',
    triggers: ['bic', 'swift'],
    anchor: 'context',
    context: { words: ['bic', 'swift', 'swift code', 'bic code', 'bic/swift', 'swift/bic'], within: 32, adjacent: 'near' },
    evidence: 'context',
  }),
  pii({
    id: 'pii.bank-account',
    title: 'Bank account number',
    entity: 'BANK_ACCOUNT',
    source: '\\d[0-9 -]{4,20}\\d',
    triggers: ['account', 'acct', 'konto', 'compte', 'cuenta'],
    anchor: 'context',
    context: {
      words: [
        'account number',
        'account no',
        'account num',
        'acct number',
        'acct no',
        'acct',
        'a/c no',
        'bank account',
        'checking account',
        'savings account',
        'kontonummer',
        'numéro de compte',
        'número de cuenta',
        'account #',
      ],
      within: 40,
      adjacent: 'near',
    },
    evidence: 'context',
  }),
  pii({
    id: 'pii.uk-sort-code',
    title: 'UK bank sort code',
    entity: 'UK_SORT_CODE',
    country: 'GB',
    source: '\\d{2}[- ]?\\d{2}[- ]?\\d{2}',
    triggers: ['sort code', 'sortcode', 'sort-code'],
    anchor: 'context',
    context: { words: ['sort code'], within: 32, adjacent: 'near' },
    evidence: 'context',
  }),
  {
    ...pii({
      id: 'pii.ipv4',
      title: 'IPv4 address',
      entity: 'IP_ADDRESS',
      source: '',
      triggers: ['0.0'],
      validate: check.isPersonalIpv4,
      evidence: 'form',
    }),
    source: '(?<![A-Za-z0-9_.])(?:\\d{1,3}\\.){3}\\d{1,3}(?![A-Za-z0-9_])',
  },
  {
    ...pii({
      id: 'pii.ipv6',
      title: 'IPv6 address',
      entity: 'IP_ADDRESS',
      source: '',
      triggers: ['::', ...hexColon()],
      validate: check.isPersonalIpv6,
      evidence: 'form',
    }),
    source: '(?<![A-Za-z0-9_:.])(?:[0-9A-Fa-f]{1,4}:|::)(?:[0-9A-Fa-f]{0,4}:){1,7}[0-9A-Fa-f]{0,4}(?![A-Za-z0-9_:])',
  },
  {
    ...pii({ id: 'pii.mac', title: 'Hardware address', entity: 'MAC_ADDRESS', source: '', triggers: macTriggers(), evidence: 'form' }),
    source:
      '(?<![A-Za-z0-9_:-])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![A-Za-z0-9_:-])|(?<![A-Za-z0-9_:-])(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}(?![A-Za-z0-9_:-])',
    validate: (text) => !/^(?:00|ff)(?:[:-](?:00|ff)){5}$/i.test(text),
  },
  pii({
    id: 'pii.imei',
    title: 'Device identity number (IMEI)',
    entity: 'IMEI',
    source: '\\d{2}[ -]?\\d{6}[ -]?\\d{6}[ -]?\\d',
    triggers: ['imei'],
    anchor: 'context',
    context: { words: ['imei'] },
    validate: check.isImei,
    evidence: 'named',
  }),
  pii({
    id: 'pii.vin',
    title: 'Vehicle identification number',
    entity: 'VIN',
    source: '[A-HJ-NPR-Z0-9]{9}[A-HJ-NPR-Z0-9]{4}\\d{4}',
    triggers: ['0000'],
    validate: check.isVin,
    evidence: 'checksum',
  }),
  pii({
    id: 'pii.licence-plate',
    title: 'Vehicle registration plate',
    entity: 'LICENCE_PLATE',
    source: '[A-Z0-9]{1,4}[ -]?[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4})?',
    triggers: ['license plate', 'licence plate', 'number plate', 'kennzeichen', 'plate number', 'registration plate'],
    anchor: 'context',
    context: {
      words: ['license plate', 'licence plate', 'number plate', 'kennzeichen', 'plate number', 'registration plate'],
      within: 40,
      adjacent: 'near',
    },
    validate: (text) => /\d/.test(text) && /[A-Z]/.test(text),
    evidence: 'context',
  }),
  pii({
    id: 'pii.bitcoin-address',
    title: 'Bitcoin address',
    entity: 'CRYPTO_ADDRESS',
    source: '[13][1-9A-HJ-NP-Za-km-z]{25,34}',
    triggers: ['0'],
    anchor: 'start',
    validate: isBase58Check,
    evidence: 'checksum',
  }),
  pii({
    id: 'pii.bitcoin-address',
    title: 'Segregated-witness Bitcoin address',
    entity: 'CRYPTO_ADDRESS',
    source: '[Bb][Cc]1[02-9ac-hj-np-zAC-HJ-NP-Z]{11,71}',
    triggers: ['bc1'],
    anchor: 'start',
    validate: isBech32,
    evidence: 'checksum',
  }),
  pii({
    id: 'pii.ethereum-address',
    title: 'Ethereum address',
    entity: 'CRYPTO_ADDRESS',
    source: '0x[0-9A-Fa-f]{40}',
    triggers: ['0x'],
    anchor: 'start',
    validate: isEthereumAddress,
    evidence: 'checksum',
  }),
];

/** Why so many: an address may be letters throughout, and a colon alone would stand in every other line. */
function hexColon(): string[] {
  return HEX.flatMap((letter) => HEX.map((other) => `${letter}:${other}`));
}

function macTriggers(): string[] {
  return [...hexColon(), ...hexColon().map((pair) => pair.replace(':', '-'))];
}
