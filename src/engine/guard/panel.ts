import { CordonError } from '../../core/errors.ts';
import type { Detection, Segment } from '../../core/text.ts';
import { bySegment } from './by-segment.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { Deadline } from './deadline.ts';
import type { GuardDetection, JudgeStatus } from './decision.ts';
import type { SeatedJudge } from './judge.ts';
import type { Standard } from './reasons.ts';
import { Slots } from './slots.ts';

/** A judge that could not say, and what follows from it. */
export interface JudgeFailure {
  readonly id: string;
  readonly effect: 'block' | 'allow';
  readonly message: string;
}

/** What the judges said of one call. */
export interface PanelAnswer {
  readonly detections: readonly GuardDetection[];
  readonly failures: readonly JudgeFailure[];
  readonly statuses: readonly JudgeStatus[];
}

/** The answer where there is nobody to ask. */
export const NO_ANSWER: PanelAnswer = { detections: [], failures: [], statuses: [] };

/** How many texts of one call a judge looks at. Why: a conversation of ten thousand parts must not become ten thousand requests. */
const MAX_TEXTS = 256;
/** Why so few: a finding list as long as the text says no more than a shorter one, and all of it is kept in memory. */
const MAX_DETECTIONS = 10_000;
const BREAKER = { failures: 5, coolDownMs: 5_000, longestMs: 120_000 };

interface Seat extends Required<Omit<SeatedJudge, 'modelDigest' | 'aloneFrom'>> {
  readonly rules: ReadonlySet<string>;
  readonly breaker: CircuitBreaker;
  readonly slots: Slots;
}

interface Task {
  readonly segment: Segment;
  readonly index: number;
  readonly soFar: readonly GuardDetection[];
}

/** The judges of a guard: asks all of them at the same time, each within its time, and says who failed. Never rejects. */
export class Panel {
  readonly #seats: readonly Seat[];

  constructor(judges: readonly SeatedJudge[], now: () => number = () => performance.now()) {
    this.#seats = judges.map((seated) => ({
      mode: 'block',
      modes: {},
      threshold: 0.5,
      timeoutMs: 3_000,
      failure: 'block',
      concurrency: 8,
      ...seated,
      rules: new Set(seated.judge.rules.map(({ id }) => id)),
      breaker: new CircuitBreaker({ ...BREAKER, now }),
      slots: new Slots(seated.concurrency ?? 8),
    }));
  }

  /** What of its judges decides: part of the digest of the policy. */
  described(): readonly (Standard & { readonly id: string; readonly failure: string })[] {
    return this.#seats.map(({ judge, mode, modes, threshold, failure }) => ({
      id: judge.id,
      mode,
      modes,
      threshold,
      failure,
      surestOnly: true,
    }));
  }

  /** What a call that can ask nobody has to say: every judge that should have looked has failed. Why: silence would read as consent. */
  unasked(segments: readonly Segment[], detections: readonly GuardDetection[]): PanelAnswer {
    const failures: JudgeFailure[] = [];
    const statuses: JudgeStatus[] = [];
    for (const seat of this.#seats) {
      const tasks = tasksFor(seat, segments, detections);
      if (typeof tasks === 'object' && tasks.length === 0) statuses.push({ id: seat.judge.id, status: 'not-needed' });
      else {
        const why = typeof tasks === 'string' ? tasks : 'was not asked: check() asks nobody, use assess()';
        failures.push({ id: seat.judge.id, effect: seat.failure, message: why });
        statuses.push({ id: seat.judge.id, status: 'failed' });
      }
    }
    return { detections: [], failures, statuses };
  }

  /** What it has to say where nobody is to be asked, or not now. */
  allAre(status: 'not-needed' | 'later'): PanelAnswer {
    return { ...NO_ANSWER, statuses: this.#seats.map(({ judge }) => ({ id: judge.id, status })) };
  }

  /** Asks every judge that wants to look. */
  async ask(segments: readonly Segment[], detections: readonly GuardDetection[], caller?: AbortSignal): Promise<PanelAnswer> {
    const answers = await Promise.all(this.#seats.map((seat) => askOne(seat, segments, detections, caller)));
    return {
      detections: answers.flatMap((answer) => answer.detections),
      failures: answers.flatMap((answer) => answer.failures),
      statuses: answers.flatMap((answer) => answer.statuses),
    };
  }
}

async function askOne(
  seat: Seat,
  segments: readonly Segment[],
  soFar: readonly GuardDetection[],
  caller: AbortSignal | undefined,
): Promise<PanelAnswer> {
  const { id } = seat.judge;
  const tasks = tasksFor(seat, segments, soFar);
  if (typeof tasks === 'string') return failed(seat, tasks);
  if (tasks.length === 0) return { ...NO_ANSWER, statuses: [{ id, status: 'not-needed' }] };
  const report = seat.breaker.enter();
  if (report === undefined) return failed(seat, 'is not asked for a while: it failed several times in a row');
  const deadline = new Deadline(seat.timeoutMs, caller);
  const found: GuardDetection[] = [];
  const errors: unknown[] = [];
  try {
    await deadline.race(
      Promise.all(
        tasks.map((task) =>
          seat.slots
            .run(async () => void found.push(...(await judged(seat, task, deadline.signal))), deadline.signal)
            // Why the others go on: a text that a judge cannot read must not hide what is wrong with the next one.
            .catch((error: unknown) => void errors.push(error)),
        ),
      ),
    );
  } catch (error) {
    errors.unshift(error);
  } finally {
    deadline.end();
  }
  report(caller?.aborted === true ? 'cancelled' : errors.some(isUnavailable) ? 'failed' : 'succeeded');
  const detections = found.slice(0, MAX_DETECTIONS);
  if (errors.length > 0) return { ...failed(seat, whatFailed(errors[0])), detections };
  return { detections, failures: [], statuses: [{ id, status: 'answered' }] };
}

/** The texts that a judge wants to see; a sentence where that cannot be said. */
function tasksFor({ judge }: Seat, segments: readonly Segment[], detections: readonly GuardDetection[]): readonly Task[] | string {
  const tasks: Task[] = [];
  try {
    const found = bySegment(detections);
    for (const [index, segment] of segments.entries()) {
      if (!judge.channels.includes(segment.channel)) continue;
      const soFar = found.get(index) ?? [];
      if (judge.wants(segment, soFar)) tasks.push({ segment, index, soFar });
    }
  } catch (error) {
    return whatFailed(error);
  }
  return tasks.length > MAX_TEXTS ? `was not asked: ${tasks.length} texts are more than the ${MAX_TEXTS} of one call` : tasks;
}

async function judged({ judge, rules }: Seat, { segment, index, soFar }: Task, signal: AbortSignal): Promise<readonly GuardDetection[]> {
  const found = await judge.judge(segment, soFar, signal);
  return found.map((detection) => {
    if (!isSound(detection, rules, segment.text.length))
      throw new CordonError('internal.bug', 'answered with something that is no finding of its rules');
    return { ...detection, detector: judge.id, segment: index, channel: segment.channel };
  });
}

function isSound({ rule, span, score }: Detection, rules: ReadonlySet<string>, length: number): boolean {
  return rules.has(rule) && score >= 0 && score <= 1 && span.start >= 0 && span.start <= span.end && span.end <= length;
}

function failed({ judge, failure }: Seat, message: string): PanelAnswer {
  return {
    detections: [],
    failures: [{ id: judge.id, effect: failure, message }],
    statuses: [{ id: judge.id, status: 'failed' }],
  };
}

/**
 * Whether a failure says that the service does not answer. Why not every failure: what the text causes must not open the breaker, or one
 * hostile text would switch a judge off for everybody.
 */
function isUnavailable(error: unknown): boolean {
  return error instanceof CordonError && error.code === 'network.refused';
}

/** Why not the message of every error: that of a foreign one may quote the text or the answer (`JSON.parse` does). */
function whatFailed(error: unknown): string {
  return error instanceof CordonError ? error.message : `failed (${error instanceof Error ? error.name : typeof error})`;
}
