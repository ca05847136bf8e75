import type { PatternDefinition } from '../matching/pattern.ts';

/** Nothing that belongs to a word or a number may stand before an identifier. */
export const BEFORE = '(?<![A-Za-z0-9_])';
/** … nor after it. */
export const AFTER = '(?![A-Za-z0-9_])';

/** A letter before digits, as triggers: of numbers in prose hardly any has one. */
export function behindLetter(digits: string): string[] {
  return Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => `${letter}${digits}`);
}

/** How much a kind of evidence is worth: {@link PatternDefinition.specificity} and score. */
export const EVIDENCE = {
  /** A checksum and a form of its own. */
  checksum: { specificity: 80, score: 1 },
  /** A checksum or a form, and a word before it that says what it is. */
  named: { specificity: 70, score: 0.95 },
  /** A form of its own without a checksum. */
  form: { specificity: 60, score: 0.85 },
  /** Only the words before it say what it is. */
  context: { specificity: 50, score: 0.75 },
} as const;

type Short = Omit<PatternDefinition, 'specificity' | 'score'> & { readonly evidence: keyof typeof EVIDENCE };

/** A PII pattern: identifier boundaries are added to the source, the evidence says score and specificity. */
export function pii({ evidence, source, ...rest }: Short): PatternDefinition {
  return { ...rest, source: `${BEFORE}${source}${AFTER}`, ...EVIDENCE[evidence] };
}

/**
 * An identifier that is found in its printed form wherever it stands, and as bare characters only behind a word that names it. Why: one
 * number in ten or in a hundred passes a checksum by chance.
 */
export function identifier(
  id: string,
  about: {
    readonly title: string;
    readonly entity: string;
    readonly country: string;
    readonly printed?: string;
    readonly bare?: string;
    /** Of the printed form. */
    readonly triggers?: readonly string[];
    readonly words: readonly string[];
    readonly validate: (match: string) => boolean;
  },
): PatternDefinition[] {
  const { title, entity, country, printed, bare, triggers = [], words, validate } = about;
  const common = { id, title, entity, country, validate };
  const out: PatternDefinition[] = [];
  if (printed !== undefined) out.push(pii({ ...common, source: printed, triggers, evidence: 'checksum' }));
  if (bare !== undefined)
    out.push(
      pii({
        ...common,
        source: bare,
        triggers: words.map((word) => word.split(' ')[0]!),
        anchor: 'context',
        context: { words },
        evidence: 'named',
      }),
    );
  return out;
}
