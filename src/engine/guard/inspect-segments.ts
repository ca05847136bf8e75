import { errorMessage } from '../../core/errors.ts';
import type { Segment } from '../../core/text.ts';
import type { DetectorId, Inspect } from '../../detectors/detector.ts';
import { DETECTORS } from '../../detectors/index.ts';
import { type Surroundings, TextSubject } from '../../detectors/text-subject.ts';
import type { GuardDetection } from './decision.ts';
import type { ResolvedProfile } from './profile.ts';
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

  /** Throws `config.invalid` for options that cannot be used. */
  constructor(profile: ResolvedProfile) {
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

  /** All that is found. A detector that throws is named in `failures`; the others go on. */
  run(
    segments: readonly Segment[],
    surroundings: Surroundings,
    session: GuardSession | undefined,
    failures: string[],
    operatorData = false,
  ): readonly GuardDetection[] {
    const found = segments.flatMap((segment, index) => {
      const subject = new TextSubject(segment, surroundings);
      return this.#detectors
        .filter(({ id, channels }) => channels.has(segment.channel) || (operatorData && DATA.has(id)))
        .flatMap((detector) => runOne(detector, subject, index, failures));
    });
    found.push(...this.#acrossTurns(segments, session, failures));
    return found;
  }

  /** Instructions cut into pieces that say nothing by themselves. */
  #acrossTurns(segments: readonly Segment[], session: GuardSession | undefined, failures: string[]): GuardDetection[] {
    const joined = splitOverTurns(segments, session?.recent ?? []);
    if (joined === undefined) return [];
    const subject = new TextSubject({ text: joined.text, channel: 'user' });
    return this.#detectors
      .filter(({ id }) => id === 'injection' || id === 'extraction')
      .flatMap((detector) => runOne(detector, subject, joined.segment, failures))
      .filter(({ span }) => joined.crosses(span))
      .map((detection) => ({ ...detection, span: joined.clip(detection.span), decoding: ['turns', ...(detection.decoding ?? [])] }));
  }
}

function runOne(
  { id, inspect, exceptRules }: CompiledDetector,
  subject: TextSubject,
  segment: number,
  failures: string[],
): GuardDetection[] {
  const found: GuardDetection[] = [];
  try {
    for (const detection of inspect(subject)) {
      if (!exceptRules.has(detection.rule)) found.push({ ...detection, detector: id, segment, channel: subject.segment.channel });
    }
  } catch (error) {
    failures.push(`${id}: ${errorMessage(error)}`);
  }
  return found;
}
