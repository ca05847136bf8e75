import { findAll } from '../matching/find.ts';
import type { PatternSet } from '../matching/compile.ts';
import { resolveHits } from '../matching/resolve.ts';
import type { Replace } from './stream-filter.ts';

/** Filters a whole text: what every stream filter over its pieces must equal. */
export function filterText(set: PatternSet, text: string, replace: Replace): string {
  let out = '';
  let passed = 0;
  for (const hit of resolveHits(set, findAll(set, text), (start, end) => text.slice(start, end))) {
    out += text.slice(passed, hit.start) + replace(hit, text.slice(hit.start, hit.end));
    passed = hit.end;
  }
  return out + text.slice(passed);
}
