import { errorMessage } from '../../core/errors.ts';
import { type Channel, type Segment, trustOf } from '../../core/text.ts';
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
/** Detectors that compare output with what else is known of the conversation. The others decide by the text alone. */
const COMPARING: ReadonlySet<DetectorId> = new Set(['extraction']);

/** The detectors that read a channel. */
interface ChannelDetectors {
  readonly all: readonly CompiledDetector[];
  readonly comparing: readonly CompiledDetector[];
  /** What is found by these detectors in a text is remembered under it. */
  readonly name: string;
}

/** Runs the detectors of a profile, compiled once, over the segments of a call. */
export class Inspection {
  readonly #detectors: readonly CompiledDetector[];
  readonly #seen: SeenSegments | undefined;
  readonly #byChannel = new Map<Channel, ChannelDetectors>();
  readonly #withOperatorData = new Map<Channel, ChannelDetectors>();

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
      for (const one of this.#inspect(segment, surroundings, operatorData, failures, digests[index]))
        found.push({ ...one, segment: index, channel: segment.channel });
    }
    for (const one of this.#acrossTurns(segments, session, failures, digests)) found.push(one);
    return found;
  }

  /**
   * What all detectors find in a segment. Why those that compare are remembered by themselves: an answer that was decided about beside its
   * system prompt comes again as an earlier message of the next request, without one.
   */
  #inspect(
    segment: Segment,
    surroundings: Surroundings,
    operatorData: boolean,
    failures: string[],
    digest: string | undefined,
  ): readonly SegmentDetection[] {
    const detectors = this.#detectorsOf(segment.channel, operatorData);
    const { all, comparing, name } = detectors;
    const isAlone = digest === undefined || comparing.length === 0 || !(surroundings.systemPrompt || surroundings.canaries?.length);
    const found = this.#remembered(name, digest, failures, () =>
      runAll(all, segment, isAlone ? surroundings : { ...surroundings, systemPrompt: '', canaries: [] }, failures),
    );
    if (isAlone) return found;
    const compared = this.#remembered(`=${name}`, this.#seen?.nameAmong(digest, surroundings), failures, () =>
      runAll(comparing, segment, surroundings, failures),
    );
    if (found.length === 0) return compared;
    return [...compared, ...found.filter(({ detector }) => !COMPARING.has(detector))];
  }

  #detectorsOf(channel: Channel, operatorData: boolean): ChannelDetectors {
    const byChannel = operatorData ? this.#withOperatorData : this.#byChannel;
    const known = byChannel.get(channel);
    if (known !== undefined) return known;
    const own = this.#detectors.filter(({ channels }) => channels.has(channel));
    const all = operatorData ? this.#detectors.filter((one) => own.includes(one) || DATA.has(one.id)) : own;
    const made = {
      all,
      comparing: trustOf(channel) === 'model' ? all.filter(({ id }) => COMPARING.has(id)) : [],
      name: all.length === own.length ? channel : `o${channel}`,
    };
    byChannel.set(channel, made);
    return made;
  }

  /** What is known of a text in a group, else what a look at it finds; `name` is undefined for what is not remembered. */
  #remembered(
    group: string,
    name: string | undefined,
    failures: string[],
    look: () => readonly SegmentDetection[],
  ): readonly SegmentDetection[] {
    const known = name === undefined ? undefined : this.#seen!.get(group, name);
    if (known !== undefined) return known;
    const before = failures.length;
    const found = look();
    // Why not after a failure: it may not happen again.
    if (name !== undefined && failures.length === before) this.#seen!.put(group, name, found);
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
    const name = this.#seen?.nameOfTurns(
      joined.turns.map(({ text, index }) => ({ text, digest: index === undefined ? undefined : digests[index] })),
    );
    return this.#remembered('turns', name, failures, () => {
      const { text, border } = joined;
      if (isQuietBorder(text, border)) return [];
      const detectors = this.#detectors.filter(({ id }) => id === 'injection' || id === 'extraction');
      return runAll(detectors, { text, channel: 'user' }, {}, failures);
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

function runAll(
  detectors: readonly CompiledDetector[],
  segment: Segment,
  surroundings: Surroundings,
  failures: string[],
): readonly SegmentDetection[] {
  const subject = new TextSubject(segment, surroundings);
  return detectors.flatMap((detector) => runOne(detector, subject, failures));
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
