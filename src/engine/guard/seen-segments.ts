import { hash } from 'node:crypto';
import { type Detection, type Segment, trustOf } from '../../core/text.ts';
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
 * What was found in texts that came before: in a conversation every request repeats the turns before it. Keeps digests and never texts.
 * Why two generations and not the longest unused taken out: every hit would have to move its text to the end of the map.
 */
export class SeenSegments {
  #young = new Map<string, readonly SegmentDetection[]>();
  #old = new Map<string, readonly SegmentDetection[]>();
  readonly #half: number;
  #prompt: { readonly text: string; readonly digest: string } | undefined;

  constructor(most: number) {
    this.#half = Math.max(1, Math.floor(most / 2));
  }

  /** The name of a text under all that its findings depend on; undefined where remembering is not worth it. */
  keyOf({ text, channel }: Segment, surroundings: Surroundings, variant: string): string | undefined {
    if (text.length < LEAST_LENGTH) return undefined;
    const around = trustOf(channel) === 'model' ? this.#around(surroundings) : '';
    return `${variant}${channel}${around}${hash('sha256', text, 'base64')}`;
  }

  /** Why only for output: what it gives away is looked for nowhere else. */
  #around({ systemPrompt, canaries }: Surroundings): string {
    const prompt = systemPrompt === undefined ? '' : this.#promptDigest(systemPrompt);
    return canaries === undefined ? prompt : `${prompt}+${hash('sha256', JSON.stringify(canaries), 'base64')}`;
  }

  /** Why the last one is kept: the looks at an answer have the same. */
  #promptDigest(text: string): string {
    if (this.#prompt?.text !== text) this.#prompt = { text, digest: hash('sha256', text, 'base64') };
    return this.#prompt.digest;
  }

  get(key: string): readonly SegmentDetection[] | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.#keep(key, old);
    return old;
  }

  put(key: string, found: readonly SegmentDetection[]): void {
    if (found.length <= MOST_DETECTIONS) this.#keep(key, found);
  }

  #keep(key: string, found: readonly SegmentDetection[]): void {
    if (this.#young.size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, found);
  }
}
