import { CordonError } from '../../core/errors.ts';

/**
 * Texts of a stream that clients read as one, although they come in several blocks: the blocks of a kind that follow each other. Why: an
 * address that begins in one block and ends in the next is an address for everybody who puts the answer together.
 */
export class TextRuns {
  #kind = '';
  /** The block that the run is in now, and the key of its text. */
  #block = '';
  #key = '';
  /** Blocks of a run that another one followed. */
  readonly #left = new Set<string>();

  /** A block of a kind begins. Returns which texts are complete with that: those of the run that it is not of. */
  begin(kind: string, block: string): (key: string) => boolean {
    if (this.#block !== '') this.#left.add(`${this.#block}/${this.#kind}`);
    if (this.#kind === kind && RUNS.has(kind)) {
      this.#block = block;
      return NONE;
    }
    const over = this.#key;
    const isRun = RUNS.has(kind);
    this.#kind = isRun ? kind : '';
    this.#block = isRun ? block : '';
    this.#key = isRun ? `run${block}/${kind}` : '';
    return over === '' ? NONE : (key) => key === over;
  }

  /** The key of a text of a block. Throws `upstream.failed` for a block that was left: its text would not stand where it came. */
  keyOf(field: string, block: string): string {
    const own = `${block}/${field}`;
    if (this.#left.has(own)) throw new CordonError('upstream.failed', 'the model provider went on with a block that another one followed');
    if (!RUNS.has(field)) return own;
    // Why also where no block began: some clients take pieces as they come, whatever they say that they are of.
    if (block !== this.#block || field !== this.#kind) this.begin(field, block);
    return this.#key;
  }
}

/** Kinds of blocks, and the names of their texts. */
const RUNS: ReadonlySet<string> = new Set(['text', 'thinking']);
const NONE = (): boolean => false;
