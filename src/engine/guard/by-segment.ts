import type { GuardDetection } from './decision.ts';

/** Detections by the index of their segment. Why not a search for each segment: a conversation may have ten thousand of both. */
export function bySegment(detections: readonly GuardDetection[]): ReadonlyMap<number, readonly GuardDetection[]> {
  const groups = new Map<number, GuardDetection[]>();
  for (const detection of detections) {
    const group = groups.get(detection.segment);
    if (group === undefined) groups.set(detection.segment, [detection]);
    else group.push(detection);
  }
  return groups;
}
