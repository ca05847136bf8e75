import { errorMessage } from '../../../core/errors.ts';
import { CHECKPOINT_KIND, type PreviousCheckpoint } from '../make-checkpoint.ts';
import { type Checkpoint, openCheckpoint } from '../note/checkpoint.ts';
import { signatureOf, verifySignature } from '../note/note.ts';
import { bodyDigest } from '../note/signer.ts';
import { parseVerifierKey, type VerifierKey } from '../note/verifier-key.ts';
import { type LedgerTrust, Wrong, wrongEntry } from './problem.ts';

/** A checkpoint as it is stored. */
export interface StoredCheckpoint {
  readonly note: string;
  /** Columns that must say the same, where there are any. */
  readonly columns?: { readonly size: number; readonly root: string; readonly createdAt: number };
}

/** The entry that a checkpoint ends with. */
export interface LastEntry {
  readonly at: number;
  readonly kind: string;
  readonly body: { readonly previous?: PreviousCheckpoint | null };
}

/** Compares the checkpoints of a log, oldest first, with its entries as these are read. */
export class CheckpointChain {
  readonly #stored: AsyncIterator<StoredCheckpoint>;
  readonly #keys: readonly VerifierKey[];
  readonly #witnesses: readonly VerifierKey[];
  readonly #strict: boolean;
  readonly #known: Checkpoint | undefined;
  #next: { readonly checkpoint: Checkpoint; readonly stored: StoredCheckpoint } | undefined;
  #previous: Checkpoint | undefined;
  #count = 0;
  #unknown = 0;
  readonly #cosigned: Record<string, number> = {};

  constructor(stored: AsyncIterator<StoredCheckpoint>, trust: LedgerTrust) {
    this.#stored = stored;
    this.#keys = trust.keys.map(parseVerifierKey);
    this.#witnesses = (trust.witnesses ?? []).map(parseVerifierKey);
    this.#strict = trust.witnesses !== undefined;
    this.#known = trust.known === undefined ? undefined : openCheckpoint(trust.known, this.#keys);
  }

  get checkpoints(): number {
    return this.#count;
  }

  get signed(): number {
    return this.#previous?.size ?? 0;
  }

  get cosignatures(): { readonly witnesses: Readonly<Record<string, number>>; readonly unknownSignatures: number } {
    return { witnesses: this.#cosigned, unknownSignatures: this.#unknown };
  }

  /** Reads the first checkpoint. */
  async start(): Promise<void> {
    await this.#advance();
  }

  /** Whether something is to be compared at this size. */
  due(size: number): boolean {
    return this.#next?.checkpoint.size === size || this.#known?.size === size;
  }

  /** Compares what was signed at this size with the root and the last entry that were read. */
  async at(size: number, root: Buffer, last: LastEntry | undefined): Promise<void> {
    if (this.#known?.size === size && !this.#known.root.equals(root)) {
      throw wrongEntry(0, `the first ${size} entries are not those of the checkpoint that was kept outside`, size);
    }
    if (this.#next?.checkpoint.size !== size) {
      if (last?.kind !== CHECKPOINT_KIND) return;
      throw new Wrong({
        kind: 'checkpoint',
        name: `checkpoint ${size}`,
        position: this.signed,
        message: 'it was made, as the entry before it says, but it is missing',
      });
    }
    const { checkpoint, stored } = this.#next;
    if (!checkpoint.root.equals(root)) {
      const start = this.signed;
      throw wrongEntry(start, `they were all right to entry ${start - 1}, but these are not what checkpoint ${size} signs`, size);
    }
    const expected = this.#previous === undefined ? null : { size: this.#previous.size, digest: bodyDigest(this.#previous.note.body) };
    const previous = last?.body.previous;
    if (last?.kind !== CHECKPOINT_KIND || previous === undefined)
      throw this.#wrong(checkpoint, 'it does not end with the entry of a checkpoint');
    if (JSON.stringify(previous?.size) !== JSON.stringify(expected?.size) || previous?.digest !== expected?.digest) {
      throw this.#wrong(checkpoint, `the checkpoint before it, of ${previous?.size ?? 0} entries, is missing or another one`);
    }
    if (stored.columns !== undefined && stored.columns.createdAt !== last.at)
      throw this.#wrong(checkpoint, 'its time is not the one it was made at');
    this.#previous = checkpoint;
    this.#count++;
    await this.#advance();
  }

  /** The log has ended: nothing may have been signed beyond. */
  end(size: number): void {
    const beyond = this.#next?.checkpoint ?? (this.#known !== undefined && this.#known.size > size ? this.#known : undefined);
    if (beyond !== undefined) throw wrongEntry(size, `the log ends here, but ${beyond.size} entries were signed`, beyond.size);
  }

  async #advance(): Promise<void> {
    const { value, done } = await this.#stored.next();
    if (done === true) {
      this.#next = undefined;
      return;
    }
    const checkpoint = this.#open(value);
    if (checkpoint.size <= this.signed) throw this.#wrong(checkpoint, `it does not come after the one of ${this.signed} entries`);
    const { columns } = value;
    if (columns !== undefined && (columns.size !== checkpoint.size || columns.root !== checkpoint.root.toString('hex'))) {
      throw this.#wrong(checkpoint, `the row of size ${columns.size} does not say what the signed note says`);
    }
    this.#next = { checkpoint, stored: value };
  }

  #open({ note, columns }: StoredCheckpoint): Checkpoint {
    let checkpoint: Checkpoint;
    try {
      checkpoint = openCheckpoint(note, this.#keys);
    } catch (error) {
      const name = columns === undefined ? `checkpoint after the one of ${this.signed} entries` : `checkpoint ${columns.size}`;
      throw new Wrong({ kind: 'checkpoint', name, position: this.signed, message: errorMessage(error) });
    }
    for (const signature of checkpoint.note.signatures) {
      if (this.#keys.some((key) => key.name === signature.name && key.id.equals(signature.keyId))) continue;
      const witness = this.#witnesses.find((key) => signatureOf({ body: '', signatures: [signature] }, key) !== undefined);
      if (witness === undefined) {
        this.#unknown++;
        if (this.#strict) throw this.#wrong(checkpoint, `it carries a signature of ${signature.name}, which is none of the given keys`);
      } else if (verifySignature(witness, checkpoint.note.body, signature)) {
        this.#cosigned[witness.name] = (this.#cosigned[witness.name] ?? 0) + 1;
      } else {
        throw this.#wrong(checkpoint, `the cosignature of ${witness.name} is wrong`);
      }
    }
    return checkpoint;
  }

  #wrong(checkpoint: Checkpoint, message: string): Wrong {
    return new Wrong({ kind: 'checkpoint', name: `checkpoint ${checkpoint.size}`, position: this.signed, message });
  }
}
