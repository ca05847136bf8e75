import type { PatternDefinition } from '../matching/pattern.ts';
import { identifier } from './define.ts';
import * as check from './validators/europe-north.ts';

/** Personal identifiers of the Nordic countries. */
export const EUROPE_NORTH: readonly PatternDefinition[] = [
  ...identifier('pii.se-personnummer', {
    title: 'Swedish personal identity number',
    entity: 'SE_PERSONNUMMER',
    country: 'SE',
    printed: '(?:19|20)?\\d{2}(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\\d|[39][01])[-+]\\d{4}',
    bare: '(?:19|20)?\\d{10}',
    triggers: ['00-0000', '00+0000'],
    words: ['personnummer', 'personnr', 'pnr', 'samordningsnummer', 'personal identity'],
    validate: check.isPersonnummer,
  }),
  ...identifier('pii.no-fodselsnummer', {
    title: 'Norwegian birth number',
    entity: 'NO_FODSELSNUMMER',
    country: 'NO',
    printed: '\\d{6} \\d{5}',
    bare: '\\d{6} ?\\d{5}',
    triggers: ['000000 00000'],
    words: ['fødselsnummer', 'fodselsnummer', 'fødselsnr', 'personnummer', 'd-nummer'],
    validate: check.isFodselsnummer,
  }),
  ...identifier('pii.dk-cpr', {
    title: 'Danish civil registration number (CPR)',
    entity: 'DK_CPR',
    country: 'DK',
    bare: '\\d{6}[ -]?\\d{4}',
    words: ['cpr', 'cprnummer', 'cpr-nr', 'personnummer', 'civil registration'],
    validate: check.isCpr,
  }),
  ...identifier('pii.fi-hetu', {
    title: 'Finnish personal identity code',
    entity: 'FI_HETU',
    country: 'FI',
    printed: '\\d{6}[-+A-FU-Y]\\d{3}[0-9A-FHJ-NPR-Y]',
    triggers: ['000000'],
    words: [],
    validate: check.isHetu,
  }),
];
