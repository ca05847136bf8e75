import type { PatternDefinition } from './pattern.ts';

/** A regular expression from a configuration as a pattern: it runs in linear time, or `compilePatterns` refuses it with a reason. */
export function userPattern(about: {
  readonly id: string;
  readonly title?: string;
  readonly entity?: string;
  readonly regex: string;
  readonly ignoreCase?: boolean;
}): PatternDefinition {
  const { id, title = id, entity = 'CUSTOM', regex, ignoreCase = false } = about;
  return { id, title, entity, source: regex, ignoreCase, triggers: [], linear: true, specificity: 99, score: 1 };
}

/** A list of words or phrases as a pattern; each is matched literally and as a whole word where it begins and ends with a letter. */
export function wordList(about: {
  readonly id: string;
  readonly title?: string;
  readonly entity?: string;
  readonly words: readonly string[];
}): PatternDefinition[] {
  return about.words.map((word) => {
    const literal = word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    const edge = (letter: string | undefined): string => (letter !== undefined && /\w/.test(letter) ? '\\b' : '');
    return {
      id: about.id,
      title: about.title ?? about.id,
      entity: about.entity ?? 'CUSTOM',
      source: `${edge(word[0])}${literal}${edge(word.at(-1))}`,
      ignoreCase: true,
      triggers: [word.slice(0, 48)],
      specificity: 98,
      score: 1,
    };
  });
}
