import { CordonError, errorMessage } from '../../core/errors.ts';
import { GuardConfig } from '../../core/guard-config.ts';
import { type Segment, Segment as SegmentSchema, trustOf } from '../../core/text.ts';
import type { Surroundings } from '../../detectors/text-subject.ts';
import { digestOf } from '../../policy/digest-of.ts';
import { type CompiledGuardCondition, compileGuardConditions } from '../../policy/cel/guard-conditions.ts';
import { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import { callScore } from './combine.ts';
import { type Conversation, textsOf } from './conversation.ts';
import { type GuardDecision, type GuardDetection, type GuardEffect, type GuardReason, strongerEffect } from './decision.ts';
import { Inspection } from './inspect-segments.ts';
import type { SeatedJudge } from './judge.ts';
import { type LoadedClassifier, decidingWith, loadClassifier } from './load-classifier.ts';
import { seatModel } from './model/seat-model.ts';
import { seatJudges } from './moderation/seat-judges.ts';
import { NO_ANSWER, Panel, type PanelAnswer } from './panel.ts';
import { type ResolvedProfile, resolveProfile } from './profile.ts';
import { conditionReasons, findingReasons, type Standard } from './reasons.ts';
import { redactSegments } from './redact-segments.ts';
import { type GuardSession, raised, remember } from './session.ts';

/** What a call may say besides the text. */
export interface GuardCall extends Omit<Surroundings, 'classifier'> {
  /** Kept by the caller between the calls of a conversation; changed in place. */
  readonly session?: GuardSession;
  /** Names that outlive the call, so that a value has the same pseudonym in the whole conversation. */
  readonly pseudonyms?: PseudonymMap;
  /** `later`: the caller asks the judges by `assess` before the text does harm; `check` then does not count them as failed. */
  readonly judges?: 'later';
  /** Look for personal data and secrets in what the operator wrote too, because it is sent to somebody else. */
  readonly operatorData?: boolean;
}

/** What a call of `assess` may say besides the text. */
export interface AssessCall extends GuardCall {
  /** Given when nobody waits for the decision any more; judges then count as failed. */
  readonly signal?: AbortSignal;
}

/** What the detectors made of a call. */
interface Seen {
  readonly segments: readonly Segment[];
  readonly detections: readonly GuardDetection[];
  readonly failures: readonly string[];
}

/** A guard with its profile compiled in: decides any number of texts. */
export class Guard {
  readonly profile: ResolvedProfile;
  readonly policyDigest: string;
  readonly #inspection: Inspection;
  readonly #panel: Panel | undefined;
  readonly #standards: ReadonlyMap<string, Standard>;
  /** Detectors whose findings can block. */
  readonly #blocking: ReadonlySet<string>;
  readonly #conditions: readonly CompiledGuardCondition[];
  readonly #classifier: LoadedClassifier | undefined;
  /** What failed before any text was seen: every decision names it. */
  readonly #broken: readonly string[] = [];

  /** Throws `config.invalid` for options that cannot be used. */
  constructor(profile: ResolvedProfile, judges: readonly SeatedJudge[] = [], memory = 0) {
    this.profile = profile;
    const taken = judges.map(({ judge }) => judge.id).find((id, at, all) => id in profile.detectors || all.indexOf(id) !== at);
    if (taken !== undefined) throw new CordonError('config.invalid', `guard: there are two judges or detectors ${JSON.stringify(taken)}`);
    const panel = judges.length === 0 ? undefined : new Panel(judges);
    this.#panel = panel;
    this.policyDigest = digestOf({ guard: profile, ...(panel !== undefined && { judges: panel.described() }) } as never);
    try {
      this.#classifier = decidingWith(loadClassifier(), judges);
    } catch (error) {
      this.#broken = [`classifier: ${errorMessage(error)}`];
    }
    this.#conditions = compileGuardConditions(profile.conditions, `guard.profiles.${profile.name}`);
    this.#inspection = new Inspection(profile, memory);
    this.#blocking = new Set(Object.entries(profile.detectors).flatMap(([id, { mode }]) => (mode === 'block' ? [id] : [])));
    this.#standards = new Map<string, Standard>([
      ...Object.entries(profile.detectors).filter(([, { mode }]) => mode !== 'off'),
      ...(panel?.described() ?? []).map((one): [string, Standard] => [one.id, one]),
    ]);
  }

  /** Whether it has judges, which only `assess` asks. */
  get hasJudges(): boolean {
    return this.#panel !== undefined;
  }

  /**
   * Decides about a text or a conversation at once, without input or output. Never throws: a failure is a decision, by default `block`,
   * and is named in it. Asks no judge: one that should have looked counts as failed.
   */
  check(input: Segment | readonly Segment[] | Conversation, call: GuardCall = {}): GuardDecision {
    try {
      const seen = this.#look(input, call);
      return this.#decide(seen, this.#unasked(seen, call), call);
    } catch (error) {
      return this.#failed(errorMessage(error));
    }
  }

  /**
   * The decision of `check` about output where that ends a stream; undefined where it does not. Why besides `check`: a stream is looked at
   * again and again, and only what the detectors that block find can end it. Never throws.
   */
  stops(segment: Segment, call: GuardCall = {}): GuardDecision | undefined {
    if (this.#isQuiet(segment, call)) return undefined;
    const decision = this.check(segment, call);
    return decision.effect === 'block' || decision.effect === 'hold' ? decision : undefined;
  }

  /** Why only output: its findings stand alone, while in what users write those of two detectors add up. */
  #isQuiet(segment: Segment, call: GuardCall): boolean {
    const asksJudges = this.#panel !== undefined && call.judges !== 'later';
    if (asksJudges || this.#broken.length > 0 || this.#conditions.length > 0 || call.session !== undefined) return false;
    return trustOf(segment.channel) === 'model' && this.#inspection.isQuiet(segment, this.#surroundings(call, []), this.#blocking);
  }

  /** Decides as `check` does, and asks the judges of the profile where nothing blocks already. Never throws or rejects. */
  async assess(input: Segment | readonly Segment[] | Conversation, call: AssessCall = {}): Promise<GuardDecision> {
    try {
      const seen = this.#look(input, call);
      return this.#decide(seen, await this.#ask(seen, call), call);
    } catch (error) {
      return this.#failed(errorMessage(error));
    }
  }

  #look(input: Segment | readonly Segment[] | Conversation, call: GuardCall): Seen {
    const segments = segmentsOf(input);
    const failures: string[] = [...this.#broken];
    const detections = this.#inspection.run(segments, this.#surroundings(call, segments), call.session, failures, call.operatorData);
    return { segments, detections, failures };
  }

  #unasked(seen: Seen, { judges }: GuardCall): PanelAnswer {
    if (this.#panel === undefined) return NO_ANSWER;
    return judges === 'later' ? this.#panel.allAre('later') : this.#panel.unasked(seen.segments, seen.detections);
  }

  /** Why nobody is asked about what is blocked: no answer could change it, and the text stays here. */
  async #ask(seen: Seen, call: AssessCall): Promise<PanelAnswer> {
    if (this.#panel === undefined) return NO_ANSWER;
    const { reasons } = this.#judge(seen, NO_ANSWER, call);
    if (reasons.some(({ effect }) => effect === 'block')) return this.#panel.allAre('not-needed');
    return this.#panel.ask(seen.segments, seen.detections, call.signal);
  }

  #surroundings(call: GuardCall, segments: readonly Segment[]): Surroundings {
    const systemPrompt = call.systemPrompt ?? segments.find(({ channel }) => channel === 'system' || channel === 'developer')?.text;
    const surroundings: { -readonly [name in keyof Surroundings]: Surroundings[name] } = {};
    if (systemPrompt !== undefined) surroundings.systemPrompt = systemPrompt;
    if (call.canaries !== undefined) surroundings.canaries = call.canaries;
    if (this.#classifier !== undefined) surroundings.classifier = this.#classifier;
    return surroundings;
  }

  /** What follows from what was found and from what failed. */
  #judge(seen: Seen, answer: PanelAnswer, { session }: GuardCall): Judged {
    const failures = [...seen.failures];
    const detections = [...seen.detections, ...answer.detections.flatMap((one) => this.#attributed(one))].toSorted(
      (a, b) => a.segment - b.segment || a.span.start - b.span.start || b.span.end - a.span.end,
    );
    const own = callScore(detections);
    const score = raised(own, session);
    const reasons = [
      ...findingReasons(this.#standards, detections, session),
      ...conditionReasons(this.#conditions, seen.segments, detections, score, session, failures),
      ...answer.failures.map(({ id, effect, message }) => ({ id, effect, message: `${id} ${message}` })),
    ];
    if (failures.length > 0) reasons.push(this.#failureReason(failures));
    return { detections, own, score, reasons, failures: [...failures, ...answer.failures.map(({ id, message }) => `${id}: ${message}`)] };
  }

  /** A finding of a judge under the rule of a detector counts as that detector's, with its mode, threshold and exceptions. */
  #attributed(detection: GuardDetection): readonly GuardDetection[] {
    const prefix = detection.rule.slice(0, detection.rule.indexOf('.'));
    if (!Object.hasOwn(this.profile.detectors, prefix)) return [detection];
    const { mode, exceptRules } = this.profile.detectors[prefix as keyof ResolvedProfile['detectors']];
    if (mode === 'off' || (exceptRules as readonly string[] | undefined)?.includes(detection.rule) === true) return [];
    return [{ ...detection, detector: prefix }];
  }

  #decide(seen: Seen, answer: PanelAnswer, call: GuardCall): GuardDecision {
    const { segments } = seen;
    const { detections, own, score, reasons, failures } = this.#judge(seen, answer, call);
    if (call.session !== undefined) {
      const users = segments.filter(({ channel }) => channel === 'user').map(({ text }) => text);
      const tainted = segments.some(({ channel }) => trustOf(channel) === 'untrusted');
      remember(call.session, own, users.slice(-1), tainted);
    }
    const effect = reasons.reduce<GuardEffect>((worst, reason) => strongerEffect(worst, reason.effect), 'allow');
    const redacted =
      detections.length === 0 ? undefined : redactSegments(segments, detections, this.#standards, call.pseudonyms ?? new PseudonymMap());
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
      ...(this.#panel === undefined ? {} : { judges: answer.statuses }),
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

interface Judged {
  readonly detections: readonly GuardDetection[];
  /** The score before the session raised it. */
  readonly own: number;
  readonly score: number;
  readonly reasons: readonly GuardReason[];
  readonly failures: readonly string[];
}

/** Reads what it was given. Throws on what is neither text nor conversation. */
function segmentsOf(input: Segment | readonly Segment[] | Conversation): readonly Segment[] {
  if (Array.isArray(input)) return input as readonly Segment[];
  if (typeof input === 'object' && input !== null && Array.isArray((input as Conversation).messages)) {
    return textsOf(input as Conversation).map(({ segment }) => segment);
  }
  return [SegmentSchema.parse(input)];
}

/** What a guard is made from: the section `guard` of a configuration, and the name of a profile in it. */
export interface GuardOptions {
  readonly config?: unknown;
  readonly profile?: string;
  /** Judges besides those of the profile. */
  readonly judges?: readonly SeatedJudge[];
  /** How many texts it knows again without looking; for conversations, whose every request repeats the turns before. Default: none. */
  readonly remember?: number;
  /** Environment variables that references to secrets are read from (default: those of the process). */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folder that paths in the configuration are relative to (default: the working directory). */
  readonly folder?: string;
  /** A model instead of the one that the profile names: a folder, or a package that holds one. */
  readonly model?: string;
}

/** Makes a guard from the section `guard` of a configuration. Throws `config.invalid` for what cannot be used. */
export function createGuard(options: GuardOptions = {}): Guard {
  const parsed = GuardConfig.safeParse(options.config ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CordonError('config.invalid', `guard: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
  }
  const profile = resolveProfile(parsed.data, options.profile);
  const { env, judges = [], folder = process.cwd() } = options;
  const seated = [...seatModel(profile, folder, options.model), ...seatJudges(profile, env === undefined ? {} : { env }), ...judges];
  return new Guard(profile, seated, options.remember);
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
  const own =
    options.config === undefined && options.profile === undefined && options.judges === undefined && options.model === undefined
      ? (usual ??= createGuard())
      : createGuard(options);
  return own.check(input, options);
}
