import { wrongRecord } from '../verify/problem.ts';
import { type BatchBody, batchBody, commitTo, expiredThrough, isRecordAt, RECORDS_EXPIRED_KIND, RECORDS_KIND } from './record-batch.ts';

/** A record that is there. */
export interface FoundRecord {
  /** Its place in the batch, from 0. */
  readonly number: number;
  /** Canonical JSON. */
  readonly text: string;
}

/** Compares the batches of records, as the ledger commits to them, with the records that are there. */
export class BatchesSeen {
  readonly #load: (batch: BatchBody, position: number) => Promise<readonly FoundRecord[]>;
  #records = 0;
  /** The last batch that has no records, before the first that has some: expired, if an entry says so. */
  #missing: number | undefined;
  #hasSome = false;
  #expired = -1;

  /** `load` gives the records of a batch that are there, in their order; none when they have expired. */
  constructor(load: (batch: BatchBody, position: number) => Promise<readonly FoundRecord[]>) {
    this.#load = load;
  }

  /** Records that were compared and are right. */
  get records(): number {
    return this.#records;
  }

  /** Looks at an entry that is itself right. */
  async at(position: number, kind: string, body: unknown): Promise<void> {
    if (kind === RECORDS_EXPIRED_KIND) this.#expired = Math.max(this.#expired, Math.min(expiredThrough(body), position - 1));
    if (kind !== RECORDS_KIND) return;
    const batch = batchBody(body);
    if (batch === undefined) throw wrongRecord(position, undefined, 'the entry does not say what it commits to');
    const records = await this.#load(batch, position);
    if (records.length === 0) {
      if (this.#hasSome) throw wrongRecord(position, undefined, 'they are missing');
      this.#missing = position;
      return;
    }
    compare(batch, records, position);
    this.#records += records.length;
    this.#hasSome = true;
  }

  /** The log has ended: what is missing must have expired. */
  end(): void {
    if (this.#missing !== undefined && this.#missing > this.#expired)
      throw wrongRecord(this.#missing, undefined, 'they are missing, and no entry says that their time was over');
  }
}

/** Compares the records of a batch with what the entry commits to, and finds the one that is wrong. */
function compare(batch: BatchBody, records: readonly FoundRecord[], position: number): void {
  const texts = records.map(({ text }) => text);
  const isInOrder = records.every(({ number }, index) => number === index);
  const { root, hashes } = commitTo(batch.batch, texts);
  if (isInOrder && records.length === batch.count && root === batch.root && hashes === batch.hashes) return;
  for (let index = 0; index < Math.max(batch.count, records.length); index++) {
    const record = records[index];
    if (record !== undefined && record.number === index && index >= batch.count)
      throw wrongRecord(position, index, 'the entry commits to no such record');
    if (record?.number !== index) throw wrongRecord(position, index, 'it is missing');
    if (!isRecordAt(batch, index, record.text)) throw wrongRecord(position, index, 'it is not the one that was appended');
  }
  throw wrongRecord(position, undefined, 'they are not those that were appended');
}
