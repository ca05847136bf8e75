import { CordonError, errorMessage } from '../../core/errors.ts';
import type { TopicConfig } from '../../core/guard-config.ts';
import type { Detection } from '../../core/text.ts';
import { compilePatterns, type PatternSet } from '../../patterns/matching/compile.ts';
import { findAll } from '../../patterns/matching/find.ts';
import type { PatternDefinition } from '../../patterns/matching/pattern.ts';
import { userPattern } from '../../patterns/matching/user-pattern.ts';
import { normalise } from '../../patterns/normalise/normalise.ts';
import { detector, type DetectorOptions } from '../detector.ts';
import type { TextSubject } from '../text-subject.ts';

const RULES = [
  {
    id: 'topics.denied',
    title: 'A topic that the configuration denies',
    severity: 'high',
    why: 'The operator does not want the application to speak of it.',
    fix: 'Refuse the text, or change guard.profiles.*.detectors.topics.',
    maps: [],
  },
] as const;

type RuleId = (typeof RULES)[number]['id'];

const MAX_DETECTIONS = 100;

/** Denied topics: words and patterns from the configuration. */
export const topics = detector({
  id: 'topics',
  title: 'Denied topics',
  rules: RULES,
  channels: ['user', 'assistant', 'tool-arguments', 'tool-result', 'document'],
  compile,
});

function compile({ denied = [] }: DetectorOptions<'topics'>): (subject: TextSubject) => Iterable<Detection<RuleId>> {
  if (denied.length === 0) return () => [];
  const definitions = denied.flatMap(definitionsOf);
  const set = compileTopics(definitions);
  return function* inspect(subject): Generator<Detection<RuleId>> {
    let count = 0;
    const seen = new Set<string>();
    for (const view of subject.views) {
      let end = 0;
      for (const hit of findAll(set, view.text)) {
        if (hit.start < end || subject.isRepeated(view, hit.start, hit.end)) continue;
        end = hit.end;
        const { entity, score } = definitions[hit.pattern]!;
        const span = view.toOriginal(hit.start, hit.end);
        const key = `${entity} ${span.start} ${span.end}`;
        if (seen.has(key)) continue;
        seen.add(key);
        if (++count > MAX_DETECTIONS) return;
        yield { rule: 'topics.denied', span, score, entity, decoding: subject.decodingOf(view, hit.start, hit.end, span) };
      }
    }
  };
}

function compileTopics(definitions: readonly PatternDefinition[]): PatternSet {
  try {
    return compilePatterns(definitions);
  } catch (error) {
    throw new CordonError('config.invalid', `guard: topics: ${errorMessage(error)}`, { cause: error });
  }
}

function definitionsOf(topic: TopicConfig): PatternDefinition[] {
  const common = { title: topic.id, entity: topic.id, score: topic.score, specificity: 0, ignoreCase: true };
  const words = topic.words.map((word, index): PatternDefinition => {
    const plain = normalise(word.trim()).text;
    const source = escape(plain).replace(/\s+/g, '\\s{1,4}');
    const first = /^[^\s]+/.exec(plain)?.[0] ?? '';
    if (first === '') throw new CordonError('config.invalid', `guard: topics: ${topic.id}: a word is empty`);
    return {
      ...common,
      id: `${topic.id}.word-${index}`,
      source: withBoundaries(plain, source),
      triggers: [first.slice(0, 40)],
      anchor: 'start',
    };
  });
  const patterns = topic.patterns.map((regex, index): PatternDefinition => ({
    ...userPattern({ id: `${topic.id}.pattern-${index}`, title: topic.id, entity: topic.id, regex, ignoreCase: true }),
    score: topic.score,
  }));
  return [...words, ...patterns];
}

/** Scripts without spaces have no boundaries to ask for. */
function withBoundaries(word: string, source: string): string {
  const edge = '[A-Za-z0-9_\\u00c0-\\u024f\\u0370-\\u058f]';
  const letter = /[A-Za-z0-9_\u00c0-\u024f\u0370-\u058f]/;
  return `${letter.test(word[0] ?? '') ? `(?<!${edge})` : ''}${source}${letter.test(word.at(-1) ?? '') ? `(?!${edge})` : ''}`;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
