import { CordonError } from '../../core/errors.ts';

/** Texts that the SDK puts together over parts and items, by the type of the items that they are in. */
const RUNS: Readonly<Record<string, string>> = {
  output_text: 'message',
  reasoning_text: 'reasoning',
  reasoning_summary_text: 'reasoning',
};
const NEVER = (): boolean => false;

interface Run {
  readonly key: string;
  /** The part that it is in now. */
  at: string;
}

/**
 * Parts and items of a streamed response that clients read as one text, because one follows when the other is complete. Why: a secret that
 * begins in one and ends in the next is a secret for everybody who puts the answer together.
 */
export class PartRuns {
  readonly #open = new Map<string, Run>();
  /** Parts that are complete. */
  readonly #over = new Set<string>();

  /** Which text a piece goes on with. Throws `upstream.failed` for a part that is complete. */
  place(item: number, part: number, kind: string): { readonly key: string; readonly isNextPart?: boolean } {
    const at = `${item}/${part}/${kind}`;
    if (!Object.hasOwn(RUNS, kind)) return { key: at };
    if (this.#over.has(at)) throw new CordonError('upstream.failed', 'the model provider went on with a text that was complete');
    const run = this.#open.get(kind);
    if (run === undefined) {
      const key = `run/${at}`;
      this.#open.set(kind, { key, at });
      return { key };
    }
    if (run.at === at) return { key: run.key };
    // Why: parts that come mixed do not follow each other.
    if (!this.#over.has(run.at)) return { key: at };
    run.at = at;
    return { key: run.key, isNextPart: true };
  }

  /** A text is complete; what follows it may go on with it. */
  end(item: number, part: number, kind: string): void {
    if (Object.hasOwn(RUNS, kind)) this.#over.add(`${item}/${part}/${kind}`);
  }

  /** An item of a type begins: which texts are complete with that, because it has none that go on with them. */
  otherThan(type: string): (key: string) => boolean {
    const over = new Set<string>();
    for (const [kind, { key, at }] of this.#open) {
      if (!this.#over.has(at) || RUNS[kind] === (type === '' ? 'message' : type)) continue;
      over.add(key);
      this.#open.delete(kind);
    }
    return over.size === 0 ? NEVER : (key) => over.has(key);
  }
}
