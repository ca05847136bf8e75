import type { PatternDefinition } from '../../matching/pattern.ts';
import { CUES, FAMILIAR, FIELDS } from './announcements.ts';
import { GIVEN_NAMES } from './given-names.ts';
import { familySource, nameSource, NO_LETTER_AFTER, NO_LETTER_BEFORE, WORD } from './name-source.ts';
import { NOT_NAMES, NOT_SURNAMES } from './not-names.ts';
import { FAMILY_ENDINGS } from './family-endings.ts';

function noneOf(words: ReadonlySet<string>, text: string): boolean {
  return !text.split(/[ -]/).some((word) => words.has(word.toLowerCase()));
}

function isKnown(word: string): boolean {
  const name = word.toLowerCase();
  return GIVEN_NAMES.has(name) || GIVEN_NAMES.has(name.split('-')[0]!);
}

/** Whether a known given name leads, and what follows makes no street, institution or work of it. */
function isFullName(text: string): boolean {
  const [first = '', ...rest] = text.split(' ');
  return isKnown(first) && noneOf(NOT_SURNAMES, rest.join(' ')) && rest.some((word) => /^.{2}/.test(word) && !word.endsWith('.'));
}

const person = { entity: 'PERSON' } as const;

/**
 * Why below what the default profile replaces: most full names in ordinary prompts are those of public people, and a question
 * about one cannot be answered without the name. They are listed; the strict profile replaces them.
 */
const BY_DICTIONARY = 0.4;

/** Names of persons, where words announce them or a common given name leads. */
export const PERSON_NAMES: readonly PatternDefinition[] = [
  {
    ...person,
    id: 'pii.person-name',
    title: 'Name of a person behind a word that announces one',
    source: nameSource(1),
    triggers: CUES,
    anchor: 'context',
    context: { words: CUES, within: 24, adjacent: 'touching' },
    validate: (text) => noneOf(NOT_NAMES, text),
    specificity: 45,
    score: 0.6,
  },
  {
    ...person,
    id: 'pii.person-name',
    title: 'Name of a person in a form: two words or more',
    source: nameSource(2),
    triggers: FIELDS.flatMap((field) => [`${field}:`, `${field} :`, `${field}":`, `${field}':`]),
    anchor: 'context',
    context: { words: FIELDS.map((field) => `${field}["']?\\s?:`), within: 28, adjacent: 'touching', raw: true },
    validate: (text) => noneOf(NOT_NAMES, text),
    specificity: 44,
    score: 0.55,
  },
  {
    ...person,
    id: 'pii.person-name',
    title: 'Given name behind a greeting, an introduction or a relation',
    source: `${NO_LETTER_BEFORE}${WORD}${NO_LETTER_AFTER}`,
    triggers: FAMILIAR,
    anchor: 'context',
    context: { words: FAMILIAR, within: 16, adjacent: 'touching' },
    validate: isKnown,
    specificity: 42,
    score: 0.55,
  },
  {
    ...person,
    id: 'pii.full-name',
    title: 'Common given name with a family name',
    source: nameSource(2),
    // Why cut: the automaton grows with every letter, and five of them are rare enough in ordinary text.
    triggers: [...new Set([...GIVEN_NAMES].flatMap((name) => (name.length > 5 ? [name.slice(0, 5)] : [`${name} `, `${name}-`])))],
    anchor: 'start',
    validate: isFullName,
    specificity: 43,
    score: BY_DICTIONARY,
  },
  {
    ...person,
    id: 'pii.full-name',
    title: 'Given name and a family name with the ending of one',
    source: familySource(FAMILY_ENDINGS),
    triggers: FAMILY_ENDINGS,
    triggerForm: { exact: true, endsWord: true },
    validate: (text) => noneOf(NOT_NAMES, text) && noneOf(NOT_SURNAMES, text),
    specificity: 41,
    score: BY_DICTIONARY,
  },
];
