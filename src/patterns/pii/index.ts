import type { PatternDefinition } from '../matching/pattern.ts';
import { AMERICAS_AFRICA } from './americas-africa.ts';
import { ASIA_PACIFIC } from './asia-pacific.ts';
import { ADDRESS } from './address.ts';
import { EUROPE_NORTH } from './europe-north.ts';
import { EUROPE_SOUTH_EAST } from './europe-south-east.ts';
import { EUROPE_WEST } from './europe-west.ts';
import { PERSON_NAMES } from './names/person-name.ts';
import { PERSON } from './person.ts';
import { PHONE } from './phone.ts';
import { UNIVERSAL } from './universal.ts';

/**
 * Every kind of personal data that can be recognised without a language model. Names are found where words announce them
 * and where a common given name leads; other names need a named-entity model.
 */
export const PII_PATTERNS: readonly PatternDefinition[] = [
  ...UNIVERSAL,
  ...PHONE,
  ...ADDRESS,
  ...PERSON_NAMES,
  ...PERSON,
  ...EUROPE_WEST,
  ...EUROPE_NORTH,
  ...EUROPE_SOUTH_EAST,
  ...ASIA_PACIFIC,
  ...AMERICAS_AFRICA,
];
