import type { Channel, Segment } from '../../core/text.ts';
import { knownPatterns } from '../../patterns/known-patterns.ts';
import { selectPatterns } from '../../patterns/matching/compile.ts';
import type { PatternDefinition } from '../../patterns/matching/pattern.ts';
import { PII_PATTERNS } from '../../patterns/pii/index.ts';
import { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import { SECRET_PATTERNS } from '../../patterns/secrets/index.ts';
import { type HoldPlan, planHold } from '../../patterns/stream/hold.ts';
import { StreamFilter } from '../../patterns/stream/stream-filter.ts';
import type { GuardDecision } from './decision.ts';
import type { Guard, GuardCall } from './guard.ts';
import type { ResolvedProfile } from './profile.ts';

/** Code units of what was passed on that are looked at again with what comes. Why: a finding may begin in the piece before. */
const LOOK_BACK = 2_000;
/** Code units that are collected before the next look. Why: a look at each token would cost more than the model. */
const LOOK_EVERY = 200;

/** How a stream is guarded. */
export interface GuardStreamOptions extends Omit<GuardCall, 'session'> {
  readonly channel?: Channel;
}

/**
 * Guards output that arrives in pieces, one for each choice and channel of a response. Personal data and secrets are replaced exactly as
 * they would be in the whole text, however it is cut; what may still become part of a match is held back. What the profile blocks is
 * looked for in every sentence or 200 characters before they are passed on, personal data and secrets that it blocks at once; after a
 * block nothing more is passed on.
 */
export class GuardStream {
  readonly #guard: Guard;
  readonly #call: GuardCall;
  readonly #channel: Channel;
  readonly #filter: StreamFilter;
  #passed = '';
  #waiting = '';
  #read = 0;
  #passedUnits = 0;
  /** Something that is blocked, and not only replaced, is in what waits. */
  #mustStop = false;
  #decision: GuardDecision | undefined;

  constructor(guard: Guard, { channel = 'assistant', ...call }: GuardStreamOptions = {}) {
    this.#guard = guard;
    this.#call = call;
    this.#channel = channel;
    const { plan, blocking } = heldBack(guard.profile);
    const pseudonyms = call.pseudonyms ?? new PseudonymMap();
    this.#filter = new StreamFilter(plan, ({ pattern }, match) => {
      const { definition } = plan.set.patterns[pattern]!;
      // Why left as it is: the guard has to see it to decide, and nothing of it is passed on.
      if (blocking.has(definition)) this.#mustStop = true;
      return blocking.has(definition) ? match : pseudonyms.nameOf(definition.entity, match);
    });
  }

  /** The decision that ended the stream; undefined while it goes on. */
  get blocked(): GuardDecision | undefined {
    return this.#decision;
  }

  /** UTF-16 code units of the output, as it came, about which everything is decided. */
  get passedUnits(): number {
    return this.#passedUnits;
  }

  /** Reads a piece, returns what may be passed on. */
  push(piece: string): string {
    this.#read += piece.length;
    return this.#decision === undefined ? this.#look(this.#filter.push(piece), false) : '';
  }

  /** The output is complete: returns the rest. */
  end(): string {
    return this.#decision === undefined ? this.#look(this.#filter.end(), true) : '';
  }

  /** The output broke off: what is held back is dropped. */
  abort(): void {
    this.#filter.abort();
    this.#waiting = '';
  }

  #look(text: string, final: boolean): string {
    this.#waiting += text;
    if (this.#waiting === '') return '';
    // Why sooner at the beginning: there is little to look at yet, and somebody waits for the first word.
    const enough = Math.min(LOOK_EVERY, this.#passedUnits);
    if (!final && !this.#mustStop && this.#waiting.length < enough && !/[.!?。！？\n]\s?$/.test(this.#waiting)) return '';
    const decision = this.#decide({ text: this.#passed + this.#waiting, channel: this.#channel });
    if (decision !== undefined) {
      this.#decision = decision;
      this.abort();
      return '';
    }
    const out = this.#waiting;
    this.#passed = (this.#passed + out).slice(-LOOK_BACK);
    this.#waiting = '';
    this.#passedUnits = this.#read - this.#filter.held;
    return out;
  }

  /** Why a block also where the guard is silent: it sees less of the text before than the filter did. */
  #decide(segment: Segment): GuardDecision | undefined {
    const decision = this.#guard.stops(segment, this.#call);
    return decision === undefined && this.#mustStop ? { ...this.#guard.check(segment, this.#call), effect: 'block' } : decision;
  }
}

interface HeldBack {
  readonly plan: HoldPlan;
  /** Those that end a stream. */
  readonly blocking: ReadonlySet<PatternDefinition>;
}

const heldByProfile = new WeakMap<ResolvedProfile, HeldBack>();

/** The patterns that the profile replaces or blocks, prepared once. */
function heldBack(profile: ResolvedProfile): HeldBack {
  const known = heldByProfile.get(profile);
  if (known !== undefined) return known;
  const pii = heldBackOf(profile, 'pii', PII_PATTERNS);
  const secrets = heldBackOf(profile, 'secrets', SECRET_PATTERNS);
  const held = new Set([...pii, ...secrets]);
  const made: HeldBack = {
    plan: planHold(selectPatterns(knownPatterns(), (definition) => held.has(definition))),
    blocking: new Set([
      ...(profile.detectors.pii.mode === 'block' ? pii : []),
      ...(profile.detectors.secrets.mode === 'block' ? secrets : []),
    ]),
  };
  heldByProfile.set(profile, made);
  return made;
}

function heldBackOf(profile: ResolvedProfile, id: 'pii' | 'secrets', patterns: readonly PatternDefinition[]): readonly PatternDefinition[] {
  const { mode, threshold, ...options } = profile.detectors[id];
  if (mode === 'off' || mode === 'monitor') return [];
  const only = options.entities as readonly string[] | undefined;
  const except = (options.except as readonly string[] | undefined) ?? [];
  const exceptRules = (options.exceptRules as readonly string[] | undefined) ?? [];
  return patterns.filter(
    (one) =>
      one.score >= threshold && (only?.includes(one.entity) ?? true) && !except.includes(one.entity) && !exceptRules.includes(one.id),
  );
}
