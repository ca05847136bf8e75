import type { Detection } from '../../core/text.ts';
import type { PatternSet } from './compile.ts';
import { findAll } from './find.ts';
import type { Hit } from './pattern.ts';
import { resolveHits } from './resolve.ts';

/** Everything the patterns find in a text: disjoint, in order. Never throws, linear in the length of the text. */
export function detect(set: PatternSet, text: string): Detection[] {
  return resolveHits(set, findAll(set, text), (start, end) => text.slice(start, end)).map((hit) => toDetection(set, hit));
}

/** A hit as a detection. Why it has no text: a detection is logged and stored, what it found must not be. */
export function toDetection(set: PatternSet, hit: Hit): Detection {
  const { id, score, entity } = set.patterns[hit.pattern]!.definition;
  return { rule: id, span: { start: hit.start, end: hit.end }, score, entity };
}
