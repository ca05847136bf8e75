import type { Channel } from '../../core/text.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { AssessCall, Guard } from '../../engine/guard/guard.ts';
import { objection, refuses } from './refusal.ts';

/** How much of a text judges see at a time. */
export interface Windows {
  /** Code units behind which the end of a sentence ends a window; Infinity: a text is one window. */
  readonly least: number;
  /** Code units behind which a window ends anywhere. */
  readonly most: number;
}

export interface JudgingOptions {
  readonly guard: Guard;
  readonly call: AssessCall;
  readonly windows: Windows;
  /** Milliseconds that judges have for a window; later ones count as failed, and what follows from that is for the policy to say. */
  readonly deadlineMs: number;
  /** Called when a window was decided. Never throws. */
  readonly decided: () => void;
}

/** Shows the windows of a stream to judges while the stream goes on. */
export class Judging {
  readonly #options: JudgingOptions;
  readonly #stop = new AbortController();
  #underWay = 0;
  #waiting: (() => void)[] = [];
  #decision: GuardDecision | undefined;
  #worst: GuardDecision | undefined;

  constructor(options: JudgingOptions) {
    this.#options = options;
  }

  get windows(): Windows {
    return this.#options.windows;
  }

  /** The decision that ends the stream; undefined while it goes on. */
  get blocked(): GuardDecision | undefined {
    return this.#decision;
  }

  /** What is to be written down about a stream that went through: the first decision that replaced something; else undefined. */
  get worst(): GuardDecision | undefined {
    return this.#worst;
  }

  /** Asks about a window; `take` gets what is left of it, unless that is nothing and the stream ends. */
  ask(text: string, channel: Channel, take: (text: string) => void): void {
    this.#underWay++;
    void this.#ask(text, channel, take)
      // Why: what nobody could decide about is not passed on.
      .catch(() => (this.#decision ??= objection('judges', 'The guard failed.', this.#options.guard.policyDigest)))
      .then(() => {
        this.#underWay--;
        if (this.#underWay === 0) for (const settle of this.#waiting.splice(0)) settle();
        this.#options.decided();
      });
  }

  /** Whether somebody is asked at the moment. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** Settles when nobody is asked any more. */
  async settled(): Promise<void> {
    while (this.#underWay > 0) await new Promise<void>((settle) => this.#waiting.push(settle));
  }

  /** Nobody reads the stream any more. */
  close(): void {
    this.#stop.abort();
  }

  async #ask(text: string, channel: Channel, take: (text: string) => void): Promise<void> {
    const { guard, call, deadlineMs } = this.#options;
    const signal = AbortSignal.any([AbortSignal.timeout(deadlineMs), this.#stop.signal]);
    const decision = await guard.assess({ text, channel }, { ...call, signal });
    if (this.#decision !== undefined) return;
    if (refuses(decision)) {
      this.#decision = decision;
      return;
    }
    if (decision.effect !== 'allow') this.#worst ??= decision;
    take(decision.redacted?.[0] ?? text);
  }
}
