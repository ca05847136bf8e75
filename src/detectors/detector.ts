import type { DetectorsConfig } from '../core/guard-config.ts';
import type { Rule } from '../core/rule.ts';
import type { Channel, Detection } from '../core/text.ts';
import type { TextSubject } from './text-subject.ts';

/** The ids of detectors, which are the keys of their options. */
export type DetectorId = keyof DetectorsConfig;
/** The options of a detector. */
export type DetectorOptions<Id extends DetectorId> = NonNullable<DetectorsConfig[Id]>;
/** A detector with its options compiled in. */
export type Inspect<RuleId extends string = string> = (subject: TextSubject) => Iterable<Detection<RuleId>>;

/**
 * Reads one segment of a conversation and yields what it finds. Options are compiled once: what is wrong with them is thrown as
 * `config.invalid` before any text is seen.
 */
export interface Detector<Id extends DetectorId = DetectorId, Rules extends readonly Rule[] = readonly Rule[]> {
  readonly id: Id;
  readonly title: string;
  readonly rules: Rules;
  /** Where it looks. The channel decides, never the text. */
  readonly channels: readonly Channel[];
  compile(options: DetectorOptions<Id>): Inspect<Rules[number]['id']>;
}

/** Declares a detector; infers its rule ids, so that a misspelt one does not compile. */
export function detector<const Id extends DetectorId, const Rules extends readonly Rule[]>(
  declared: Detector<Id, Rules>,
): Detector<Id, Rules> {
  return declared;
}

/** Everything written by somebody who is not the operator of the application. */
export const NOT_OPERATOR: readonly Channel[] = [
  'user',
  'assistant',
  'reasoning',
  'tool-arguments',
  'tool-result',
  'tool-description',
  'document',
];
/** Text that anybody may have written and that only informs the model. */
export const UNTRUSTED: readonly Channel[] = ['tool-result', 'tool-description', 'document'];
