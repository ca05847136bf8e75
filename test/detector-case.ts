import type { DetectorsConfig } from '../src/core/guard-config.ts';
import type { Channel } from '../src/core/text.ts';
import type { Surroundings } from '../src/detectors/text-subject.ts';

/** One case of a detector: a text in a channel, and what must be said of it. */
export interface DetectorCase {
  /** What the case shows; unique within its folder. */
  readonly name: string;
  readonly text: string;
  readonly channel: Channel;
  /** The rules that fire with a score of at least one half, over all detectors, each once. Empty for a clean case. */
  readonly rules: readonly string[];
  /** Other rules may fire as well: for made-up values that resemble several things. */
  readonly others?: boolean;
  readonly options?: DetectorsConfig;
  readonly surroundings?: Surroundings;
}
