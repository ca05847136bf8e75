import type { Segment } from '../../core/text.ts';
import type { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import { redact } from '../../patterns/redact/redact.ts';
import { bySegment } from './by-segment.ts';
import type { GuardDetection } from './decision.ts';
import { modeOf, type Standard } from './reasons.ts';

/** What can be taken out of a text without destroying it. */
const REPLACEABLE: ReadonlySet<string> = new Set(['pii', 'secrets']);

/** The texts of all segments without what the profile replaces; undefined where nothing is. */
export function redactSegments(
  segments: readonly Segment[],
  detections: readonly GuardDetection[],
  standards: ReadonlyMap<string, Standard>,
  pseudonyms: PseudonymMap,
): readonly string[] | undefined {
  const redactable = detections.filter(({ detector, rule, score }) => {
    const standard = standards.get(detector) ?? { mode: 'monitor', threshold: 1 };
    const mode = modeOf(standard, rule);
    return score >= standard.threshold && (mode === 'redact' || (REPLACEABLE.has(detector) && mode === 'block'));
  });
  if (redactable.length === 0) return undefined;
  // Names are reserved in all texts first: what stands there already must not come to mean somebody's address.
  for (const { text } of segments) pseudonyms.reserve(text);
  const found = bySegment(redactable);
  return segments.map(({ text }, index) => {
    const own = found.get(index);
    return own === undefined ? text : redact(text, own, { pseudonyms });
  });
}
