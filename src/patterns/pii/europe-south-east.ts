import type { PatternDefinition } from '../matching/pattern.ts';
import { behindLetter, identifier } from './define.ts';
import * as check from './validators/europe-south-east.ts';
import { luhnOf } from './validators/shared.ts';

/** Personal identifiers of southern and eastern Europe and Turkey. */
export const EUROPE_SOUTH_EAST: readonly PatternDefinition[] = [
  ...identifier('pii.es-nif', {
    title: 'Spanish NIF or NIE',
    entity: 'ES_NIF',
    country: 'ES',
    printed: '(?:\\d{8}|[XYZ][ -]?\\d{7})[ -]?[TRWAGMYFPDXBNJZSQVHLCKE]',
    triggers: ['0000000'],
    words: [],
    validate: check.isNifOrNie,
  }),
  ...identifier('pii.es-cif', {
    title: 'Spanish company tax number (CIF)',
    entity: 'ES_CIF',
    country: 'ES',
    bare: '[ABCDEFGHJNPQRSUVW][ -]?\\d{7}[ -]?[0-9A-J]',
    words: ['cif', 'nif', 'identificación fiscal', 'identificacion fiscal'],
    validate: check.isCif,
  }),
  ...identifier('pii.it-codice-fiscale', {
    title: 'Italian codice fiscale',
    entity: 'IT_CODICE_FISCALE',
    country: 'IT',
    // Letters may stand for digits where two people would get the same code; never for all of them.
    printed:
      '[A-Za-z]{6}(?:\\d{2}[A-EHLMPR-Ta-ehlmpr-t][0-9LMNP-Vlmnp-v]{2}|[0-9LMNP-Vlmnp-v]{2}[A-EHLMPR-Ta-ehlmpr-t]\\d{2})[A-Za-z][0-9LMNP-Vlmnp-v]{3}[A-Za-z]',
    triggers: behindLetter('00'),
    words: [],
    validate: check.isCodiceFiscale,
  }),
  ...identifier('pii.it-partita-iva', {
    title: 'Italian VAT number',
    entity: 'IT_PARTITA_IVA',
    country: 'IT',
    bare: '(?:IT)?\\d{11}',
    words: ['partita iva', 'p.iva', 'p. iva', 'piva', 'partitaiva'],
    validate: luhnOf,
  }),
  ...identifier('pii.pt-nif', {
    title: 'Portuguese tax number (NIF)',
    entity: 'PT_NIF',
    country: 'PT',
    bare: '[1-35689]\\d{2} ?\\d{3} ?\\d{3}',
    words: ['nif', 'contribuinte', 'número de identificação fiscal', 'nipc'],
    validate: check.isPortugueseNif,
  }),
  ...identifier('pii.pl-pesel', {
    title: 'Polish PESEL',
    entity: 'PL_PESEL',
    country: 'PL',
    bare: '\\d{11}',
    words: ['pesel', 'numer pesel'],
    validate: check.isPesel,
  }),
  ...identifier('pii.pl-nip', {
    title: 'Polish tax number (NIP)',
    entity: 'PL_NIP',
    country: 'PL',
    bare: '(?:PL)?\\d{3}-?\\d{3}-?\\d{2}-?\\d{2}|\\d{3}-\\d{2}-\\d{2}-\\d{3}',
    words: ['nip', 'numer identyfikacji podatkowej'],
    validate: check.isNip,
  }),
  ...identifier('pii.hr-oib', {
    title: 'Croatian personal number (OIB)',
    entity: 'HR_OIB',
    country: 'HR',
    bare: '\\d{11}',
    words: ['oib', 'osobni identifikacijski broj'],
    validate: check.isOib,
  }),
  ...identifier('pii.cz-rodne-cislo', {
    title: 'Czech or Slovak birth number',
    entity: 'CZ_RODNE_CISLO',
    country: 'CZ',
    printed: '\\d{6}/\\d{4}',
    bare: '\\d{6}/?\\d{4}',
    triggers: ['000000/0000'],
    words: ['rodné číslo', 'rodne cislo', 'rodné', 'r.č'],
    validate: check.isRodneCislo,
  }),
  ...identifier('pii.ro-cnp', {
    title: 'Romanian personal numeric code (CNP)',
    entity: 'RO_CNP',
    country: 'RO',
    bare: '[1-9]\\d{12}',
    words: ['cnp', 'cod numeric personal'],
    validate: check.isCnp,
  }),
  ...identifier('pii.gr-afm', {
    title: 'Greek tax number (AFM)',
    entity: 'GR_AFM',
    country: 'GR',
    bare: '\\d{9}',
    words: ['afm', 'αφμ', 'α.φ.μ'],
    validate: check.isAfm,
  }),
  ...identifier('pii.tr-tckn', {
    title: 'Turkish identity number',
    entity: 'TR_TCKN',
    country: 'TR',
    bare: '[1-9]\\d{10}',
    words: ['tckn', 'tc kimlik', 't.c. kimlik', 'kimlik', 'kimlik no'],
    validate: check.isTckn,
  }),
];
