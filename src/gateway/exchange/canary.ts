import { randomBytes } from 'node:crypto';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { Places } from '../places/places.ts';

/**
 * Puts a secret mark into the system prompt; an answer that holds it repeats the prompt. Returns the mark; undefined where there is no
 * system prompt.
 */
export function plantCanary(places: Places, { redacted }: GuardDecision): string | undefined {
  const index = places.list.findIndex(
    ({ segment, holder }) => holder !== undefined && (segment.channel === 'system' || segment.channel === 'developer'),
  );
  const place = places.list[index];
  if (place === undefined) return undefined;
  const mark = `ref-${randomBytes(12).toString('hex')}`;
  place.set(`${redacted?.[index] ?? place.segment.text}\n\n[${mark}]`);
  return mark;
}
