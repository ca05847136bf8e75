import type { Channel } from '../../core/text.ts';
import { GuardStream } from '../../engine/guard/guard-stream.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { Guard, GuardCall } from '../../engine/guard/guard.ts';
import type { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import { RestoreStream } from '../../patterns/redact/restore.ts';
import type { Judging } from './judging.ts';
import { StreamText } from './stream-text.ts';

/** What detectors passed on, and up to where in the text as it came they have decided. */
interface Passed {
  readonly text: string;
  readonly until: number;
}

const ENDS_SENTENCE = /[.!?。！？\n]["'”’)\]]*\s*$/;

/** A text that judges see before it is passed on. Others may repeat it: they have to say what was left of it. */
export abstract class SeenText extends StreamText {
  #left: string | undefined;
  #waiting: ((text: string) => void)[] = [];

  /** `take` gets what was left of the whole text, once all of it is decided. */
  whenOver(take: (text: string) => void): void {
    if (this.#left === undefined) this.#waiting.push(take);
    else take(this.#left);
  }

  /** All of it is decided. */
  protected over(left: string): void {
    if (this.#left !== undefined) return;
    this.#left = left;
    for (const take of this.#waiting.splice(0)) take(left);
  }
}

/** A text that repeats another one as a whole: what was left of that takes its place, and judges are not asked twice. */
export class RepeatedText extends StreamText {
  readonly #of: SeenText;
  #text = '';
  #isOver = false;

  constructor(of: SeenText) {
    super();
    this.#of = of;
  }

  override get blocked(): GuardDecision | undefined {
    return this.#of.blocked;
  }

  override get waits(): boolean {
    return !this.#isOver;
  }

  override push(piece: string): void {
    this.read += piece.length;
    this.#text += piece;
  }

  override end(): void {
    this.#of.whenOver((left) => {
      this.decide(this.read, this.#text, left);
      this.#isOver = true;
    });
  }
}

/** A text that is passed on sentence by sentence: what detectors leave of it, once judges have seen it. */
export class JudgedText extends SeenText {
  readonly #stream: GuardStream;
  readonly #judging: Judging;
  readonly #channel: Channel;
  readonly #restore: RestoreStream | undefined;
  readonly #keep: ((text: string) => void) | undefined;
  /** What arrived and is not decided. */
  #pending = '';
  /** What waits for judges. */
  #passed: Passed[] = [];
  /** Up to here detectors have decided; and judges. */
  #until = 0;
  #judgedUntil = 0;
  /** What was let go and waits for the rest of a name. */
  #out = '';
  /** What was left of all that was decided. */
  #all = '';
  #isAsking = false;
  #isComplete = false;

  constructor(
    guard: Guard,
    channel: Channel,
    call: Omit<GuardCall, 'session'>,
    judging: Judging,
    restored?: PseudonymMap,
    keep?: (text: string) => void,
  ) {
    super();
    this.#stream = new GuardStream(guard, { ...call, channel, judges: 'later' });
    this.#judging = judging;
    this.#channel = channel;
    this.#restore = restored === undefined ? undefined : new RestoreStream(restored);
    this.#keep = keep;
  }

  override get blocked(): GuardDecision | undefined {
    return this.#stream.blocked;
  }

  override push(piece: string): void {
    this.read += piece.length;
    this.#pending += piece;
    this.#take(this.#stream.push(piece));
  }

  override end(): void {
    this.#isComplete = true;
    this.#take(this.#stream.end());
  }

  #take(text: string): void {
    if (this.blocked !== undefined) return;
    const until = this.#stream.passedUnits;
    if (text !== '' || until > this.#until) this.#passed.push({ text, until });
    this.#until = until;
    this.#ask();
  }

  /** Why one window at a time: what comes meanwhile is one window next, so that slow judges are asked less often. */
  #ask(): void {
    if (this.#isAsking || this.blocked !== undefined) return;
    const window = this.#nextWindow();
    if (window === undefined) {
      if (this.#isComplete) this.#pass('', this.#judgedUntil);
      return;
    }
    this.#isAsking = true;
    this.#judging.ask(window.text, this.#channel, (text) => {
      this.#isAsking = false;
      this.#pass(text, window.until);
      this.#ask();
    });
  }

  /** Lets a window go, unless a name may be cut in two at its end. */
  #pass(text: string, until: number): void {
    this.#judgedUntil = until;
    this.#keep?.(text);
    this.#out += this.#restore === undefined ? text : this.#restore.push(text);
    const isLast = this.#isComplete && this.#passed.length === 0;
    if (isLast && this.#restore !== undefined) this.#out += this.#restore.end();
    if (!isLast && this.#restore !== undefined && this.#restore.held > 0) return;
    const units = until - this.decidedUntil;
    if (units > 0) {
      this.decide(until, this.#pending.slice(0, units), this.#out);
      this.#pending = this.#pending.slice(units);
      this.#all += this.#out;
      this.#out = '';
    }
    if (isLast) this.over(this.#all);
  }

  #nextWindow(): Passed | undefined {
    const { least, most } = this.#judging.windows;
    let text = '';
    let count = 0;
    for (const one of this.#passed) {
      if (count > 0 && text.length + one.text.length > most) break;
      text += one.text;
      count++;
    }
    const isAll = count === this.#passed.length;
    const isReady = !isAll || (this.#isComplete ? count > 0 : text.length >= most || (text.length >= least && ENDS_SENTENCE.test(text)));
    if (!isReady) return undefined;
    const { until } = this.#passed[count - 1]!;
    this.#passed = this.#passed.slice(count);
    return { text, until };
  }
}

/** A text that is passed on as a whole, once somebody has decided about it and judges have seen it. */
export class JudgedWhole extends SeenText {
  readonly #decideFirst: (text: string) => string | GuardDecision;
  readonly #judging: Judging;
  readonly #channel: Channel;
  #text = '';
  #isOver = false;
  #isEnded = false;
  #decision: GuardDecision | undefined;

  /** `decideFirst` gets the whole text and returns what takes its place, or the decision that ends the response. */
  constructor(channel: Channel, judging: Judging, decideFirst: (text: string) => string | GuardDecision) {
    super();
    this.#decideFirst = decideFirst;
    this.#judging = judging;
    this.#channel = channel;
  }

  override get blocked(): GuardDecision | undefined {
    return this.#decision;
  }

  override get waits(): boolean {
    return !this.#isOver;
  }

  override push(piece: string): void {
    this.read += piece.length;
    this.#text += piece;
  }

  override end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const first = this.#decideFirst(this.#text);
    if (typeof first !== 'string') {
      this.#decision = first;
      return;
    }
    this.#judging.ask(first, this.#channel, (text) => {
      this.decide(this.read, this.#text, text);
      this.#text = '';
      this.#isOver = true;
      this.over(text);
    });
  }
}
