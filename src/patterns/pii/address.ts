import type { PatternDefinition } from '../matching/pattern.ts';
import { CAP, CITY_LINE, SAME_LINE, STREET_WORDS, UNIT } from './address-parts.ts';
import { AFTER, BEFORE, pii } from './define.ts';

const WHERE = `(?:${CITY_LINE}|${SAME_LINE})?`;
const END = '(?![A-Za-z0-9_À-ÿĀ-ž])';

const ENGLISH =
  `Street St Avenue Ave Road Rd Boulevard Blvd Lane Ln Drive Dr Court Ct Place Pl Square Sq Terrace Way Highway Hwy Parkway Pkwy Circle Crescent
  Close Gardens Mews`.split(/\s+/);
const JOINED =
  'straße strasse str. weg platz allee gasse ring damm ufer steig chaussee straat laan singel plein kade dijk dreef gatan vägen gränd torget stigen gade vej allé katu tie polku kuja veien vegen gata plass'.split(
    ' ',
  );
const LEADING =
  `Calle C/ Avenida Avda. Av. Plaza Paseo Glorieta Ronda Camino Carrera Pasaje Via Viale Piazza Corso Vicolo Largo Strada Contrada Rua Travessa Alameda Praça Rodovia
  Estrada ulica ul. aleja al. plac pl. osiedle os.`.split(/\s+/);
const FRENCH = 'rue avenue boulevard place chemin allée impasse quai cours square route'.split(' ');
const HUNGARIAN = ['utca', 'u.', 'út', 'tér', 'körút'];
const REGIONS =
  `AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV
  WI WY DC PR AP AE AA`.split(/\s+/);
const AUSTRALIAN = ['NSW', 'VIC', 'QLD', 'WA', 'SA', 'TAS', 'ACT', 'NT'];

const PLACES = [
  'address',
  'address is',
  'address of',
  'address will be',
  'lives at',
  'live at',
  'lived at',
  'living at',
  'reside at',
  'resides at',
  'residing at',
  'resident at',
  'located at',
  'office is at',
  'moved to',
  'meet me at',
  'deliver to',
  'delivered to',
  'ship to',
  'shipped to',
  'pick me up at',
  'home is',
  'house is',
  'stop at',
  'corner of',
  'wohnhaft in',
  'adresse',
  'anschrift',
  'wohne in der',
  'domicilio',
  'dirección',
  'vivo en',
  'indirizzo',
  'abito in',
  'endereço',
  'moro na',
  'adres',
  'adress',
  'osoite',
  'lakcím',
  'adresa',
  "j'habite",
];

const literal = (word: string): string => word.replaceAll('.', '\\.');
const street = { id: 'pii.street-address', entity: 'STREET_ADDRESS', specificity: 50 } as const;

/** Streets and postcodes, by the words and the order of their language, and behind words that announce an address. */
export const ADDRESS: readonly PatternDefinition[] = [
  {
    ...street,
    title: 'Street address, number first',
    source: `${BEFORE}\\d{1,6}[A-Za-z]? (?:[NSEW]\\.? |North |South |East |West )?(?:[A-Z0-9][A-Za-z0-9'.-]{0,20} ){1,3}(?:${ENGLISH.join('|')})${AFTER}${UNIT}${WHERE}${END}`,
    triggers: ENGLISH.map((word) => ` ${word}`),
    triggerForm: { exact: true, endsWord: true },
    score: 0.75,
  },
  {
    ...street,
    title: 'Street address with a region and its postcode',
    source: `${BEFORE}\\d{1,6}[A-Za-z]?(?: ${CAP}){1,4}${UNIT}[, \\n]{1,3}${CAP}(?: ${CAP}){0,2},? (?:(?:${REGIONS.join('|')}) \\d{5}(?:-\\d{4})?|(?:${AUSTRALIAN.join('|')}),? \\d{4})${AFTER}`,
    triggers: [...REGIONS.map((region) => ` ${region} 00000`), ...AUSTRALIAN.flatMap((state) => [` ${state} 0000`, ` ${state}, 0000`])],
    triggerForm: { exact: true },
    score: 0.8,
  },
  {
    ...street,
    title: 'Military address',
    source: `${BEFORE}(?:PSC \\d{1,5}, Box \\d{1,5}|Unit \\d{1,5} Box \\d{1,5}|US[A-Z]{1,3} ${CAP})[, \\n]{1,3}(?:APO|FPO|DPO) (?:AA|AE|AP) \\d{5}${AFTER}`,
    triggers: ['apo a', 'fpo a', 'dpo a'],
    score: 0.85,
  },
  {
    ...street,
    title: 'Street address, number last',
    source: `${BEFORE}(?:\\d{1,6} )?(?:${CAP} ){0,2}[A-ZÄÖÜÅØÆ][A-Za-zÀ-ÿ-]{1,30}(?:${JOINED.map(literal).join('|')})(?: |, )\\d{1,4}(?:[/-]\\d{1,4})?[a-z]?${AFTER}${UNIT}${WHERE}${END}`,
    triggers: JOINED.flatMap((word) => [`${word} 0`, `${word}, 0`]),
    triggerForm: { exact: true },
    score: 0.75,
  },
  {
    ...street,
    title: 'Street address, kind of street and name before the number',
    source: `(?<![A-Za-z0-9_À-ÿ])(?:\\d{1,6} )?(?:${LEADING.map(literal).join('|')}|calle|avenida|via|rua)(?: (?:de|del|della|di|da|do|dos|la|las|los|dei|delle|San|Santa)){0,2}(?: ${CAP}){1,5}(?:,? (?:n[º°.] ?)?)\\d{1,4}(?:/\\d{1,4})?[A-Za-z]?${AFTER}${UNIT}${WHERE}${END}`,
    triggers: [...LEADING.map((word) => `${word} `), 'calle ', 'avenida ', 'via ', 'rua '],
    triggerForm: { exact: true, beginsWord: true },
    score: 0.7,
  },
  {
    ...street,
    title: 'Street address, French',
    source: `${BEFORE}\\d{1,4}(?: bis| ter)?,? (?:${FRENCH.join('|')}) (?:de la |de l'|des |du |de |d'|la |le |les |l'){0,2}${CAP}(?:[ -]${CAP}){0,4}${UNIT}${WHERE}${END}`,
    triggers: FRENCH.flatMap((word) => ['0', '0,', 'bis', 'bis,', 'ter', 'ter,'].map((before) => `${before} ${word} `)),
    triggerForm: { exact: true },
    score: 0.7,
  },
  {
    ...street,
    title: 'Street address, Hungarian',
    source: `${BEFORE}(?:\\d{1,6} )?${CAP}(?: ${CAP}){0,2} (?:${HUNGARIAN.map(literal).join('|')}) \\d{1,4}\\.?(?: ${CAP})?${UNIT}${WHERE}${END}`,
    triggers: HUNGARIAN.map((word) => ` ${word} 0`),
    triggerForm: { exact: true },
    score: 0.7,
  },
  {
    ...street,
    title: 'Address behind a word that announces one',
    source: `${BEFORE}(?:\\d{1,6}[A-Za-z]?(?:/\\d{1,4})?,?${STREET_WORDS}|${CAP}(?: ${CAP}){0,3},? \\d{1,4}[a-z]?)${AFTER}${UNIT}${WHERE}${END}`,
    triggers: PLACES.map((words) => words.split(' ')[0]!),
    anchor: 'context',
    context: { words: PLACES, within: 40, adjacent: 'near' },
    validate: (text) => /\p{Lu}\p{L}{2}/u.test(text) && text.length >= 8,
    specificity: 47,
    score: 0.65,
  },
  pii({
    id: 'pii.street-address',
    title: 'Post office box',
    entity: 'STREET_ADDRESS',
    source: '(?:\\d{1,6} )?(?:P\\.? ?O\\.? ?[Bb]ox|Postfach|Apartado(?: de correos)?) \\d{1,6}',
    triggers: ['box 0', 'postfach 0', 'apartado 0', 'apartado de correos 0'],
    evidence: 'form',
  }),
  {
    id: 'pii.postcode',
    title: 'British postcode',
    entity: 'POSTCODE',
    country: 'GB',
    source: `${BEFORE}[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]|[0-9][A-HJKPS-UW]) [0-9][ABD-HJLNP-UW-Z]{2}${AFTER}`,
    triggers: ['0 0', ...Array.from('abcdefghjkmnpqrstuvwxy', (letter) => `0${letter} 0`)],
    specificity: 48,
    score: 0.7,
  },
];
