import type { z } from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { ModerationDetection } from './adapter.ts';
import type { ModerationRuleId } from './rules.ts';

/** An answer of the documented form. Why nothing of it is quoted where it is not: services repeat the text they were given. */
export function answerAs<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw notAsDocumented(parsed.error.issues[0]?.path.join('.'));
  return parsed.data;
}

/** `format.malformed` for an answer that means nothing to us. */
export function notAsDocumented(where?: string): CordonError {
  return new CordonError(
    'format.malformed',
    `its answer is not of the documented form${where === undefined || where === '' ? '' : ` (${where})`}`,
  );
}

/** Thresholds of a configuration. */
export interface Thresholds {
  readonly threshold: number;
  readonly categories: Readonly<Record<string, number | 'off'>>;
}

/** Share of the threshold from which on a doubt is listed. */
const LISTED = 0.5;

/**
 * A score that means the same for every provider: 0.5 is the threshold of the category, 1 the most that the provider can say. Undefined
 * where the category is off or the value far below.
 */
export function scaledScore(category: string, value: number, most: number, { threshold, categories }: Thresholds): number | undefined {
  const own = Object.hasOwn(categories, category) ? categories[category]! : threshold;
  if (own === 'off' || value < own * LISTED || value <= 0) return undefined;
  const score = value >= own ? 0.5 + (0.5 * (value - own)) / Math.max(most - own, 1e-9) : (0.5 * value) / own;
  return Math.round(Math.min(1, score) * 10_000) / 10_000;
}

/** A category as a service names it. Why not just any text: it is shown in decisions and becomes part of pseudonyms. */
export function entityOf(name: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9_/ -]{0,63}$/.test(name) ? name : 'unknown';
}

/** A finding that is about the whole of a piece. */
export function aboutAll(rule: ModerationRuleId, score: number, text: string, entity: string): ModerationDetection {
  return { rule, score, span: { start: 0, end: text.length }, entity: entityOf(entity) };
}
