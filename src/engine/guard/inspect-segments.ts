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

const NOTHING: readonly SegmentDetection[] = [];

/** The detectors that read a channel. */
interface ChannelDetectors {
  readonly comparing: readonly CompiledDetector[];
  readonly others: readonly CompiledDetector[];
  /** Tells what is found in this channel with data of the operator from what is found without, where that differs. */
  readonly variant: string;
}

/** Runs the detectors of a profile, compiled once, over the segments of a call. */
export class Inspection {
  readonly #detectors: readonly CompiledDetector[];
  readonly #seen: SeenSegments | undefined;
  readonly #byChannel = new Map<string, ChannelDetectors>();

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
   * system prompt comes again as an earlier message of the next request, without one; only they have to look again.
   */
  #inspect(
    segment: Segment,
    surroundings: Surroundings,
    operatorData: boolean,
    failures: string[],
    digest: string | undefined,
  ): readonly SegmentDetection[] {
    const { comparing, others, variant } = this.#detectorsOf(segment.channel, operatorData);
    const subject = new TextSubject(segment, surroundings);
    const look = (detectors: readonly CompiledDetector[], key: string | undefined): readonly SegmentDetection[] =>
      this.#remembered(key, failures, () => detectors.flatMap((detector) => runOne(detector, subject, failures)));
    if (digest === undefined || this.#seen === undefined) return look([...comparing, ...others], undefined);
    const compared = comparing.length === 0 ? NOTHING : look(comparing, this.#seen.keyAmong(segment, digest, surroundings));
    const found = look(others, this.#seen.keyOf(segment, digest, variant));
    return compared.length === 0 ? found : [...compared, ...found];
  }

  /** The detectors that read a channel, in their order: those that compare are before all others that read what models write. */
  #detectorsOf(channel: Channel, operatorData: boolean): ChannelDetectors {
    const known = this.#byChannel.get(`${operatorData} ${channel}`);
    if (known !== undefined) return known;
    const own = this.#detectors.filter(({ channels }) => channels.has(channel));
    const all = this.#detectors.filter(({ id, channels }) => channels.has(channel) || (operatorData && DATA.has(id)));
    const compares = ({ id }: CompiledDetector): boolean => trustOf(channel) === 'model' && COMPARING.has(id);
    const made = {
      comparing: all.filter(compares),
      others: all.filter((one) => !compares(one)),
      variant: all.length === own.length ? '' : 'o',
    };
    this.#byChannel.set(`${operatorData} ${channel}`, made);
    return made;
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
