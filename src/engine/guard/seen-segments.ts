import { hash } from 'node:crypto';
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

function digestOf(text: string): string {
  return hash('sha256', text, 'base64');
}

/** What was found, by group and by the name of a text in it. Why groups: a name is the digest as it is, and no longer one is put together. */
type Found = Map<string, Map<string, readonly SegmentDetection[]>>;

/**
 * What was found in texts that came before: in a conversation every request repeats the turns before it. Keeps digests and never texts.
 * Why two generations and not the longest unused taken out: every hit would have to move its text to the end of the map.
 */
export class SeenSegments {
  #young: Found = new Map();
  #size = 0;
  #old: Found = new Map();
  readonly #half: number;
  #prompt: { readonly text: string; readonly digest: string } | undefined;

  constructor(most: number) {
    this.#half = Math.max(1, Math.floor(most / 2));
  }

  /** The digest of a text, which is its name for what is found by the text alone; undefined where remembering is not worth it. */
  digestOf(text: string): string | undefined {
    return text.length < LEAST_LENGTH ? undefined : digestOf(text);
  }

  /** The name of a text with this digest among what else is known of the conversation. */
  nameAmong(digest: string, { systemPrompt, canaries }: Surroundings): string {
    const prompt = systemPrompt ? this.#promptDigest(systemPrompt) : '';
    return canaries === undefined ? `${prompt}=${digest}` : `${prompt}+${digestOf(JSON.stringify(canaries))}=${digest}`;
  }

  /** The name of turns that are put together, each given with its digest if that is known. */
  nameOfTurns(turns: readonly { readonly text: string; readonly digest: string | undefined }[]): string {
    return turns.map(({ text, digest }) => digest ?? `=${digestOf(text)}`).join('');
  }

  /** Why the last one is kept: the looks at an answer have the same. */
  #promptDigest(text: string): string {
    if (this.#prompt?.text !== text) this.#prompt = { text, digest: digestOf(text) };
    return this.#prompt.digest;
  }

  get(group: string, name: string): readonly SegmentDetection[] | undefined {
    const young = this.#young.get(group)?.get(name);
    if (young !== undefined) return young;
    const old = this.#old.get(group)?.get(name);
    if (old !== undefined) this.#keep(group, name, old);
    return old;
  }

  put(group: string, name: string, found: readonly SegmentDetection[]): void {
    if (found.length <= MOST_DETECTIONS) this.#keep(group, name, found);
  }

  #keep(group: string, name: string, found: readonly SegmentDetection[]): void {
    if (this.#size >= this.#half) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#size = 0;
    }
    this.#size++;
    const names = this.#young.get(group);
    if (names === undefined) this.#young.set(group, new Map([[name, found]]));
    else names.set(name, found);
  }
}
