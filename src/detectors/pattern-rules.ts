import type { Rule } from '../core/rule.ts';
import type { Detection } from '../core/text.ts';
import { knownPatterns } from '../patterns/known-patterns.ts';
import { toDetection } from '../patterns/matching/detect.ts';
import type { PatternDefinition } from '../patterns/matching/pattern.ts';
import { resolveHits } from '../patterns/matching/resolve.ts';
import type { Inspect } from './detector.ts';

/** Why: a text that is one long list of addresses needs no longer list to be judged; redaction has no such limit. */
const MAX_DETECTIONS = 10_000;

/** One rule for each id among the patterns. */
export function rulesOf(patterns: readonly PatternDefinition[], about: Omit<Rule, 'id' | 'title'>): readonly Rule[] {
  const rules = new Map<string, Rule>();
  for (const { id, title } of patterns) if (!rules.has(id)) rules.set(id, { id, title, ...about });
  return [...rules.values()];
}

/** Looks for known patterns in the normalised text, so that full-width digits and invisible characters hide nothing. */
export function inspectPatterns(patterns: readonly PatternDefinition[]): Inspect {
  if (patterns.length === 0) return () => [];
  const set = knownPatterns();
  const isWanted = set.patterns.map(({ definition }) => patterns.includes(definition));
  return function* inspect(subject): Generator<Detection> {
    const { text, map } = subject.normalised;
    const hits = subject.matches.filter(({ pattern }) => isWanted[pattern]);
    let count = 0;
    for (const hit of resolveHits(set, hits, (start, end) => text.slice(start, end))) {
      if (++count > MAX_DETECTIONS) return;
      const { span, ...rest } = toDetection(set, hit);
      const original = map.toOriginal(span.start, span.end);
      yield { ...rest, span: original, decoding: subject.decodingOf(subject.plain, span.start, span.end, original) };
    }
  };
}
