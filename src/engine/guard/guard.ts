import { CordonError, errorMessage } from '../../core/errors.ts';
import { GuardConfig } from '../../core/guard-config.ts';
import { type Segment, Segment as SegmentSchema, trustOf } from '../../core/text.ts';
import type { DetectorId, Inspect } from '../../detectors/detector.ts';
import { DETECTORS } from '../../detectors/index.ts';
import { type Surroundings, TextSubject } from '../../detectors/text-subject.ts';
import { digestOf } from '../../policy/canonical-json.ts';
import { type CompiledGuardCondition, compileGuardConditions } from '../../policy/cel/guard-conditions.ts';
import { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import { redact } from '../../patterns/redact/redact.ts';
import { combinedScore } from './combine.ts';
import { type Conversation, textsOf } from './conversation.ts';
import { type GuardDecision, type GuardDetection, type GuardEffect, type GuardReason, strongerEffect } from './decision.ts';
import { type ResolvedProfile, resolveProfile } from './profile.ts';
import { type LoadedClassifier, loadClassifier } from './load-classifier.ts';
import { type GuardSession, raised, remember } from './session.ts';
import { splitOverTurns } from './split-turns.ts';

/** What a call may say besides the text. */
export interface GuardCall extends Omit<Surroundings, 'classifier'> {
  /** Kept by the caller between the calls of a conversation; changed in place. */
  readonly session?: GuardSession;
  /** Names that outlive the call, so that a value has the same pseudonym in the whole conversation. */
  readonly pseudonyms?: PseudonymMap;
}

interface CompiledDetector {
  readonly id: DetectorId;
  readonly channels: ReadonlySet<string>;
  readonly exceptRules: ReadonlySet<string>;
  readonly inspect: Inspect;
}

/** A guard with its profile compiled in: decides any number of texts. */
export class Guard {
  readonly profile: ResolvedProfile;
  readonly policyDigest: string;
  readonly #detectors: readonly CompiledDetector[];
  readonly #conditions: readonly CompiledGuardCondition[];
  readonly #classifier: LoadedClassifier | undefined;
  /** What failed before any text was seen: every decision names it. */
  readonly #broken: readonly string[] = [];

  /** Throws `config.invalid` for options that cannot be used. */
  constructor(profile: ResolvedProfile) {
    this.profile = profile;
    this.policyDigest = digestOf({ guard: profile } as never);
    try {
      this.#classifier = loadClassifier();
    } catch (error) {
      this.#broken = [`classifier: ${errorMessage(error)}`];
    }
    this.#conditions = compileGuardConditions(profile.conditions, `guard.profiles.${profile.name}`);
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

  /** Decides about a text or a conversation. Never throws: a failure is a decision, by default `block`, and is named in it. */
  check(input: Segment | Conversation, call: GuardCall = {}): GuardDecision {
    try {
      return this.#decide(segmentsOf(input), call);
    } catch (error) {
      return this.#failed(errorMessage(error));
    }
  }

  #decide(segments: readonly Segment[], call: GuardCall): GuardDecision {
    const failures: string[] = [...this.#broken];
    const surroundings = this.#surroundings(call, segments);
    const found = segments.flatMap((segment, index) => this.#inspect(segment, index, surroundings, failures));
    found.push(...this.#acrossTurns(segments, call.session, failures));
    const detections = found.toSorted((a, b) => a.segment - b.segment || a.span.start - b.span.start || b.span.end - a.span.end);
    const own = attackScore(detections);
    const score = raised(own, call.session);
    const reasons = [
      ...this.#detectorReasons(detections, call.session),
      ...this.#conditionReasons(segments, detections, score, call.session, failures),
    ];
    if (failures.length > 0) reasons.push(this.#failureReason(failures));
    if (call.session !== undefined) {
      const users = segments.filter(({ channel }) => channel === 'user').map(({ text }) => text);
      remember(
        call.session,
        own,
        users.slice(-1),
        segments.some(({ channel }) => trustOf(channel) === 'untrusted'),
      );
    }
    return this.#decision(segments, detections, score, reasons, failures, call.pseudonyms ?? new PseudonymMap());
  }

  #surroundings(call: GuardCall, segments: readonly Segment[]): Surroundings {
    const systemPrompt = call.systemPrompt ?? segments.find(({ channel }) => channel === 'system' || channel === 'developer')?.text;
    return {
      ...(systemPrompt === undefined ? {} : { systemPrompt }),
      ...(call.canaries === undefined ? {} : { canaries: call.canaries }),
      ...(this.#classifier === undefined ? {} : { classifier: this.#classifier }),
    };
  }

  #inspect(segment: Segment, index: number, surroundings: Surroundings, failures: string[]): GuardDetection[] {
    const subject = new TextSubject(segment, surroundings);
    return this.#detectors
      .filter(({ channels }) => channels.has(segment.channel))
      .flatMap((detector) => this.#run(detector, subject, index, failures));
  }

  #run({ id, inspect, exceptRules }: CompiledDetector, subject: TextSubject, segment: number, failures: string[]): GuardDetection[] {
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

  /** Instructions cut into pieces that say nothing by themselves. */
  #acrossTurns(segments: readonly Segment[], session: GuardSession | undefined, failures: string[]): GuardDetection[] {
    const joined = splitOverTurns(segments, session?.recent ?? []);
    if (joined === undefined) return [];
    const subject = new TextSubject({ text: joined.text, channel: 'user' });
    return this.#detectors
      .filter(({ id }) => id === 'injection' || id === 'extraction')
      .flatMap((detector) => this.#run(detector, subject, joined.segment, failures))
      .filter(({ span }) => joined.crosses(span))
      .map((detection) => ({ ...detection, span: joined.clip(detection.span), decoding: ['turns', ...(detection.decoding ?? [])] }));
  }

  #detectorReasons(detections: readonly GuardDetection[], session: GuardSession | undefined): GuardReason[] {
    const reasons: GuardReason[] = [];
    for (const { id } of this.#detectors) {
      const { mode, threshold } = this.profile.detectors[id];
      const own = detections.filter(({ detector }) => detector === id);
      if (own.length === 0) continue;
      const score = raised(combinedScore(own), ATTACKS.has(id) ? session : undefined);
      if (score < threshold) continue;
      const rules = [...new Set(own.filter((one) => one.score >= Math.min(threshold, 0.4)).map(({ rule }) => rule))];
      const effect: GuardEffect = mode === 'block' ? 'block' : mode === 'redact' ? 'redact' : 'allow';
      reasons.push({ id, effect, message: `${rules.slice(0, 5).join(', ') || id}: ${score.toFixed(2)}, threshold ${threshold}` });
    }
    return reasons;
  }

  #conditionReasons(
    segments: readonly Segment[],
    detections: readonly GuardDetection[],
    score: number,
    session: GuardSession | undefined,
    failures: string[],
  ): GuardReason[] {
    if (this.#conditions.length === 0) return [];
    const input = {
      detections: detections
        .slice(0, 1_000)
        .map(({ rule, detector, score: own, channel, entity }) => ({ rule, detector, score: own, channel, entity: entity ?? '' })),
      channels: [...new Set(segments.map(({ channel }) => channel))],
      score,
      session: session?.risk ?? 0,
      length: segments.reduce((sum, { text }) => sum + text.length, 0),
    };
    return this.#conditions.flatMap(({ id, effect, message, holds }) => {
      try {
        return holds(input) ? [{ id, effect, message }] : [];
      } catch (error) {
        failures.push(`condition ${id}: ${errorMessage(error)}`);
        return [];
      }
    });
  }

  #decision(
    segments: readonly Segment[],
    detections: readonly GuardDetection[],
    score: number,
    reasons: readonly GuardReason[],
    failures: readonly string[],
    pseudonyms: PseudonymMap,
  ): GuardDecision {
    const effect = reasons.reduce<GuardEffect>((worst, reason) => strongerEffect(worst, reason.effect), 'allow');
    const redactable = detections.filter((one) => {
      const { mode, threshold } = this.profile.detectors[one.detector];
      return one.score >= threshold && (mode === 'redact' || (REPLACEABLE.has(one.detector) && mode === 'block'));
    });
    const texts = segments.map(({ text }) => text);
    const redacted = redactable.length === 0 ? undefined : redactAll(texts, redactable, pseudonyms);
    return {
      effect,
      verdict: effect === 'block' ? 'blocked' : reasons.length > 0 ? 'review' : 'clean',
      score: Math.round(score * 10_000) / 10_000,
      detections,
      ...(redacted === undefined ? {} : { redacted }),
      reasons,
      modelDigest: this.#classifier?.digest ?? 'none',
      policyDigest: this.policyDigest,
      failures,
    };
  }

  #failureReason(failures: readonly string[]): GuardReason {
    const { failure } = this.profile;
    return { id: 'guard.failed', effect: failure, message: `The guard could not look at everything (${failures.slice(0, 3).join('; ')})` };
  }

  #failed(message: string): GuardDecision {
    const { failure } = this.profile;
    return {
      effect: failure,
      verdict: failure === 'block' ? 'blocked' : 'review',
      score: 0,
      detections: [],
      reasons: [this.#failureReason([message])],
      modelDigest: this.#classifier?.digest ?? 'none',
      policyDigest: this.policyDigest,
      failures: [message],
    };
  }
}

/** Detectors whose findings add up to an attack; personal data is none. */
const ATTACKS: ReadonlySet<DetectorId> = new Set(['injection', 'indirect', 'extraction', 'unsafe-output', 'topics', 'limits']);
/** What can be taken out of a text without destroying it. */
const REPLACEABLE: ReadonlySet<DetectorId> = new Set(['pii', 'secrets']);

function attackScore(detections: readonly GuardDetection[]): number {
  let best = 0;
  for (const id of ATTACKS) best = Math.max(best, combinedScore(detections.filter(({ detector }) => detector === id)));
  for (const { detector, score } of detections) if (!ATTACKS.has(detector)) best = Math.max(best, score);
  return best;
}

/** Names are reserved in all texts first: what stands there already must not come to mean somebody's address. */
function redactAll(texts: readonly string[], detections: readonly GuardDetection[], pseudonyms: PseudonymMap): readonly string[] {
  for (const text of texts) pseudonyms.reserve(text);
  return texts.map((text, index) => {
    const own = detections.filter(({ segment }) => segment === index);
    return own.length === 0 ? text : redact(text, own, { pseudonyms });
  });
}

/** Reads what it was given. Throws on what is neither text nor conversation. */
function segmentsOf(input: Segment | Conversation): readonly Segment[] {
  if (typeof input === 'object' && input !== null && Array.isArray((input as Conversation).messages)) {
    return textsOf(input as Conversation).map(({ segment }) => segment);
  }
  return [SegmentSchema.parse(input)];
}

/** What a guard is made from: the section `guard` of a configuration, and the name of a profile in it. */
export interface GuardOptions {
  readonly config?: unknown;
  readonly profile?: string;
}

/** Makes a guard from the section `guard` of a configuration. Throws `config.invalid` for what cannot be used. */
export function createGuard(options: GuardOptions = {}): Guard {
  const parsed = GuardConfig.safeParse(options.config ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CordonError('config.invalid', `guard: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
  }
  return new Guard(resolveProfile(parsed.data, options.profile));
}

let usual: Guard | undefined;

/**
 * Decides about a text or a conversation with the default profile, or the one that the options name.
 *
 * @example
 * const decision = guard({ text: prompt, channel: 'user' });
 * if (decision.effect === 'block') throw new Error(decision.reasons[0]?.message);
 */
export function guard(input: Segment | Conversation, options: GuardOptions & GuardCall = {}): GuardDecision {
  const own = options.config === undefined && options.profile === undefined ? (usual ??= createGuard()) : createGuard(options);
  return own.check(input, options);
}
