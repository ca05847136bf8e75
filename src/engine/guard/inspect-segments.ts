import { errorMessage } from '../../core/errors.ts';
import type { Segment } from '../../core/text.ts';
import type { DetectorId, Inspect } from '../../detectors/detector.ts';
import { DETECTORS } from '../../detectors/index.ts';
import { type Surroundings, TextSubject } from '../../detectors/text-subject.ts';
import type { GuardDetection } from './decision.ts';
import type { ResolvedProfile } from './profile.ts';
import { isQuietBorder } from './quiet-border.ts';
import { type SegmentDetection, SeenSegments } from './seen-segments.ts';
import type { GuardSession } from './session.ts';
import { splitOverTurns } from './split-turns.ts';

interface CompiledDetector {
  readonly id: DetectorId;
  readonly channels: ReadonlySet<string>;
  readonly exceptRules: ReadonlySet<string>;
  readonly inspect: Inspect;
}

/** Detectors that look for data instead of attacks. */
const DATA: ReadonlySet<DetectorId> = new Set(['pii', 'secrets']);

/** Runs the detectors of a profile, compiled once, over the segments of a call. */
export class Inspection {
  readonly #detectors: readonly CompiledDetector[];
  readonly #seen: SeenSegments | undefined;

  /** `remember`: how many texts it knows again. Throws `config.invalid` for options that cannot be used. */
  constructor(profile: ResolvedProfile, remember = 0) {
    this.#seen = remember > 0 ? new SeenSegments(remember) : undefined;
    this.#detectors = DETECTORS.filter(({ id }) => profile.detectors[id].mode !== 'off').map((detector) => {
      const { mode: _mode, threshold: _threshold, exceptRules, ...options } = profile.detectors[detector.id];
      return {
        id: detector.id,
        channels: new Set(detector.channels),
        exceptRules: new Set((exceptRules as readonly string[] | undefined) ?? []),
        inspect: detector.compile(options as never),
      };
    });
  }

  /**
   * Whether the detectors of these ids find nothing in a text, and none of them fails. Remembers nothing: what is looked at so is a part of a
   * text that goes on.
   */
  isQuiet(segment: Segment, surroundings: Surroundings, ids: ReadonlySet<string>): boolean {
    const subject = new TextSubject(segment, surroundings);
    const failures: string[] = [];
    return this.#detectors.every(
      (one) =>
        !ids.has(one.id) || !one.channels.has(segment.channel) || (runOne(one, subject, failures).length === 0 && failures.length === 0),
    );
  }

  /** All that is found. A detector that throws is named in `failures`; the others go on. */
  run(
    segments: readonly Segment[],
    surroundings: Surroundings,
    session: GuardSession | undefined,
    failures: string[],
    operatorData = false,
  ): readonly GuardDetection[] {
    const digests = segments.map(({ text }) => this.#seen?.digestOf(text));
    const found: GuardDetection[] = [];
    for (const [index, segment] of segments.entries()) {
      const digest = digests[index];
      const key = digest === undefined ? undefined : this.#seen?.keyOf(segment, digest, surroundings, operatorData ? 'o' : '');
      for (const one of this.#inspect(segment, surroundings, operatorData, failures, key))
        found.push({ ...one, segment: index, channel: segment.channel });
    }
    for (const one of this.#acrossTurns(segments, session, failures, digests)) found.push(one);
    return found;
  }

  #inspect(
    segment: Segment,
    surroundings: Surroundings,
    operatorData: boolean,
    failures: string[],
    key: string | undefined,
  ): readonly SegmentDetection[] {
    return this.#remembered(key, failures, () => {
      const subject = new TextSubject(segment, surroundings);
      return this.#detectors
        .filter(({ id, channels }) => channels.has(segment.channel) || (operatorData && DATA.has(id)))
        .flatMap((detector) => runOne(detector, subject, failures));
    });
  }

  #remembered(key: string | undefined, failures: string[], look: () => readonly SegmentDetection[]): readonly SegmentDetection[] {
    const known = key === undefined ? undefined : this.#seen!.get(key);
    if (known !== undefined) return known;
    const before = failures.length;
    const found = look();
    // Why not after a failure: it may not happen again.
    if (key !== undefined && failures.length === before) this.#seen!.put(key, found);
    return found;
  }

  /** Instructions cut into pieces that say nothing by themselves. */
  #acrossTurns(
    segments: readonly Segment[],
    session: GuardSession | undefined,
    failures: string[],
    digests: readonly (string | undefined)[],
  ): GuardDetection[] {
    const joined = splitOverTurns(segments, session?.recent ?? []);
    if (joined === undefined) return [];
    const key = this.#seen?.keyOfTurns(
      joined.turns.map(({ text, index }) => ({ text, digest: index === undefined ? undefined : digests[index] })),
    );
    return this.#remembered(key, failures, () => {
      if (isQuietBorder(joined.text, joined.border)) return [];
      const subject = new TextSubject({ text: joined.text, channel: 'user' });
      return this.#detectors
        .filter(({ id }) => id === 'injection' || id === 'extraction')
        .flatMap((detector) => runOne(detector, subject, failures));
    })
      .filter(({ span }) => joined.crosses(span))
      .map((detection) => ({
        ...detection,
        segment: joined.segment,
        channel: 'user' as const,
        span: joined.clip(detection.span),
        decoding: ['turns', ...(detection.decoding ?? [])],
      }));
  }
}

function runOne({ id, inspect, exceptRules }: CompiledDetector, subject: TextSubject, failures: string[]): SegmentDetection[] {
  const found: SegmentDetection[] = [];
  try {
    for (const detection of inspect(subject)) if (!exceptRules.has(detection.rule)) found.push({ ...detection, detector: id });
  } catch (error) {
    failures.push(`${id}: ${errorMessage(error)}`);
  }
  return found;
}
