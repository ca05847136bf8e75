import type { Detection } from '../../core/text.ts';
import { detector, type DetectorOptions, NOT_OPERATOR } from '../detector.ts';
import type { TextSubject } from '../text-subject.ts';
import { guessLanguage } from './language.ts';
import { repetition } from './repetition.ts';
import { estimateTokens } from './tokens.ts';

const RULES = [
  {
    id: 'limits.too-long',
    title: 'The text is longer than allowed',
    severity: 'medium',
    why: 'Long texts cost money and time, and push instructions out of the context window.',
    fix: 'Shorten the text, or raise maxCharacters or maxTokens.',
    maps: ['OWASP-LLM10:2025', 'CWE-400'],
  },
  {
    id: 'limits.language',
    title: 'The text is in a language that is not allowed',
    severity: 'medium',
    why: 'Filters and reviewers that do not know a language do not see what is said in it.',
    fix: 'Write in an allowed language, or add it to languages.',
    maps: ['OWASP-LLM01:2025'],
  },
  {
    id: 'limits.repetition',
    title: 'The text repeats one piece many times',
    severity: 'medium',
    why: 'Masses of repetition push instructions out of the context, and make models give away training data.',
    fix: 'Refuse the text.',
    maps: ['OWASP-LLM10:2025', 'ATLAS:AML.T0029'],
  },
  {
    id: 'limits.exhaustion',
    title: 'The user asks for output without end',
    severity: 'medium',
    why: 'Endless output costs money and time, and endless repetition makes models give away training data.',
    fix: 'Refuse the prompt, and bound the length of answers.',
    maps: ['OWASP-LLM10:2025', 'ATLAS:AML.T0034'],
  },
  {
    id: 'limits.model-extraction',
    title: 'The user asks for the model’s own data: weights, probabilities, training data',
    severity: 'medium',
    why: 'Probabilities and training data let somebody copy the model or expose the people in its data.',
    fix: 'Refuse the prompt; do not return log probabilities.',
    maps: ['OWASP-LLM10:2025', 'ATLAS:AML.T0024'],
  },
] as const;

type RuleId = (typeof RULES)[number]['id'];

const DEFAULT_CHARACTERS = 1_000_000;

/** Length, language, repetition, and requests that exhaust or copy the model. */
export const limits = detector({
  id: 'limits',
  title: 'Limits',
  rules: RULES,
  channels: NOT_OPERATOR,
  compile,
});

function compile(options: DetectorOptions<'limits'>): (subject: TextSubject) => Generator<Detection<RuleId>> {
  const { maxCharacters = DEFAULT_CHARACTERS, maxTokens, languages } = options;
  return function* inspect(subject): Generator<Detection<RuleId>> {
    const { text } = subject;
    const whole = { start: 0, end: text.length };
    if (text.length > maxCharacters) yield { rule: 'limits.too-long', span: { start: maxCharacters, end: text.length }, score: 1 };
    else if (maxTokens !== undefined && estimateTokens(text) > maxTokens) yield { rule: 'limits.too-long', span: whole, score: 1 };
    const repeated = repetition(subject.normalised.text);
    if (repeated !== undefined) {
      yield { rule: 'limits.repetition', span: subject.normalised.map.toOriginal(repeated.start, repeated.end), score: 0.8 };
    }
    if (subject.segment.channel !== 'user') return;
    if (languages !== undefined) {
      const language = guessLanguage(subject.normalised.text);
      if (language !== undefined && !languages.includes(language))
        yield { rule: 'limits.language', span: whole, score: 0.9, entity: language };
    }
    for (const { kind, span, score, decoding } of subject.phrases) {
      if (kind === 'exhaustion') yield { rule: 'limits.exhaustion', span, score, decoding };
      if (kind === 'model-theft') yield { rule: 'limits.model-extraction', span, score, decoding };
    }
  };
}
