import { hash } from 'node:crypto';
import type { Segment } from '../../core/text.ts';
import type { Detection } from '../../core/text.ts';
import type { Surroundings } from '../../detectors/text-subject.ts';
import type { DetectorId } from '../../detectors/detector.ts';

/** What one detector found in a segment, wherever that stands in a call. */
export interface SegmentDetection extends Detection {
  readonly detector: DetectorId;
}

/** Why: texts with more findings are attacks on the guard; they are looked at again each time. */
const MOST_DETECTIONS = 200;
/** Why: a digest of a shorter text costs as much as looking at it. */
const LEAST_LENGTH = 64;

/**
 * What was found in texts that came before: in a conversation every request repeats the turns before it. Keeps digests and never texts;
 * the longest unused go first.
 */
export class SeenSegments {
  readonly #found = new Map<string, readonly SegmentDetection[]>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The name of a text under all that its findings depend on; undefined where remembering is not worth it. */
  keyOf({ text, channel }: Segment, { systemPrompt, canaries }: Surroundings, variant: string): string | undefined {
    if (text.length < LEAST_LENGTH) return undefined;
    const around =
      systemPrompt === undefined && canaries === undefined ? '' : hash('sha256', JSON.stringify([systemPrompt, canaries]), 'base64');
    return `${variant}${channel}${around}${hash('sha256', text, 'base64')}`;
  }

  get(key: string): readonly SegmentDetection[] | undefined {
    const found = this.#found.get(key);
    if (found === undefined) return undefined;
    this.#found.delete(key);
    this.#found.set(key, found);
    return found;
  }

  put(key: string, found: readonly SegmentDetection[]): void {
    if (found.length > MOST_DETECTIONS) return;
    this.#found.set(key, found);
    if (this.#found.size > this.#most) this.#found.delete(this.#found.keys().next().value!);
  }
}
