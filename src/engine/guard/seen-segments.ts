import { hash } from 'node:crypto';
import type { Detection, Segment } from '../../core/text.ts';
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

function digestOf(text: string): string {
  return hash('sha256', text, 'base64');
}

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

  /** The digest of a text; undefined where remembering is not worth it. */
  digestOf(text: string): string | undefined {
    return text.length < LEAST_LENGTH ? undefined : digestOf(text);
  }

  /** The name of a text with this digest, for what is found by the text alone. */
  keyOf({ channel }: Segment, digest: string, variant: string): string {
    return `${variant}${channel}${digest}`;
  }

  /** The name of a text with this digest among what else is known of the conversation. */
  keyAmong({ channel }: Segment, digest: string, surroundings: Surroundings): string {
    return `${channel}=${this.#around(surroundings)}=${digest}`;
  }

  /** The name of turns that are put together, each given with its digest if that is known. */
  keyOfTurns(turns: readonly { readonly text: string; readonly digest: string | undefined }[]): string {
    return `turns${digestOf(JSON.stringify(turns.map(({ text, digest }) => digest ?? `=${text}`)))}`;
  }

  #around({ systemPrompt, canaries }: Surroundings): string {
    const prompt = systemPrompt ? this.#promptDigest(systemPrompt) : '';
    return canaries === undefined ? prompt : `${prompt}+${digestOf(JSON.stringify(canaries))}`;
  }

  /** Why the last one is kept: the looks at an answer have the same. */
  #promptDigest(text: string): string {
    if (this.#prompt?.text !== text) this.#prompt = { text, digest: digestOf(text) };
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
