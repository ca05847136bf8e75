import { createReadStream } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Kysely } from 'kysely';
import type { Schema } from '../../../store/schema/index.ts';
import { TILE_WIDTH, type Tile, tilePath } from '../tiles/paths.ts';
import { Wrong } from '../verify/problem.ts';
import { BatchesSeen, type FoundRecord } from './batches-seen.ts';

/** Folder of an export with the records: a file for each bundle of entries that commits to some, a line of JSON for each record. */
export const RECORDS_FOLDER = 'records';
/** Why: the reader holds a line; no record is nearly as long. */
const MAX_LINE = 1_048_576;

/** Where the records of a bundle of entries lie. */
function recordsPath(bundle: number): string {
  return tilePath({ level: 'entries', index: bundle, width: TILE_WIDTH }).replace(/^tile\/entries/, RECORDS_FOLDER);
}

function recordLine(entry: number, { number, text }: FoundRecord): string {
  return `{"entry":${entry},"number":${number},"record":${text}}`;
}

/** Writes the records of a bundle of entries, where there are any. Answers the bytes written. */
export async function exportRecords(db: Kysely<Schema>, folder: string, bundle: Tile): Promise<number> {
  const start = bundle.index * TILE_WIDTH;
  const batches = await db
    .selectFrom('gateway_batch')
    .select(['id', 'position'])
    .where('position', '>=', start)
    .where('position', '<', start + bundle.width)
    .orderBy('position')
    .execute();
  if (batches.length === 0) return 0;
  const path = join(folder, recordsPath(bundle.index));
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'wx');
  let bytes = 0;
  try {
    for (const { id, position } of batches) {
      const rows = await db.selectFrom('gateway_exchange').select(['number', 'body']).where('batch', '=', id).orderBy('number').execute();
      const text = rows.map(({ number, body }) => `${recordLine(position, { number, text: body })}\n`).join('');
      await handle.writeFile(text);
      bytes += Buffer.byteLength(text);
    }
  } finally {
    await handle.close();
  }
  return bytes;
}

const LINE = /^\{"entry":(\d{1,16}),"number":(\d{1,16}),"record":(.*)\}$/s;

/** Compares the batches of a ledger with the records of an export, file by file as the entries come. */
export class ExportedBatches extends BatchesSeen {
  readonly #reader: RecordsReader;

  constructor(folder: string) {
    const reader = new RecordsReader(folder);
    super((_batch, position) => reader.recordsOf(position));
    this.#reader = reader;
  }

  /** The log has ended: no file may hold more, and no other file may be there. */
  async finish(): Promise<void> {
    this.end();
    await this.#reader.end();
  }
}

/** The lines of the files of records, in the order of the entries. */
class RecordsReader {
  readonly #folder: string;
  readonly #read = new Set<string>();
  #bundle = -1;
  #lines: AsyncIterator<string> | undefined;
  #next: { readonly entry: number; readonly record: FoundRecord } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async recordsOf(position: number): Promise<readonly FoundRecord[]> {
    const bundle = Math.floor(position / TILE_WIDTH);
    if (bundle !== this.#bundle) {
      this.#requireEnd();
      this.#bundle = bundle;
      this.#read.add(recordsPath(bundle));
      this.#lines = lines(join(this.#folder, recordsPath(bundle)));
      await this.#advance();
    }
    const records: FoundRecord[] = [];
    while (this.#next?.entry === position) {
      records.push(this.#next.record);
      await this.#advance();
    }
    return records;
  }

  async end(): Promise<void> {
    this.#requireEnd();
    for (const entry of await filesBelow(join(this.#folder, RECORDS_FOLDER))) {
      const path = [RECORDS_FOLDER, ...entry.split(sep)].join('/');
      if (!this.#read.has(path)) throw new Wrong({ kind: 'record', name: path, position: 0, message: 'no entry commits to what is in it' });
    }
  }

  /** A file must end with what its entries commit to. */
  #requireEnd(): void {
    if (this.#next !== undefined) throw this.#wrong(`entry ${this.#next.entry} commits to none, or they are not in their order`);
  }

  async #advance(): Promise<void> {
    const { value, done } = await this.#lines!.next();
    if (done === true) {
      this.#next = undefined;
      return;
    }
    const [, entry, number, text] = LINE.exec(value) ?? [];
    const record = { number: Number(number), text: text ?? '' };
    if (text === undefined || recordLine(Number(entry), record) !== value) throw this.#wrong('a line is not as it was written');
    this.#next = { entry: Number(entry), record };
  }

  #wrong(message: string): Wrong {
    return new Wrong({ kind: 'record', name: recordsPath(this.#bundle), position: this.#bundle * TILE_WIDTH, message });
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function* lines(path: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      if (rest.length > MAX_LINE) break;
      yield* parts;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (rest !== '') yield rest.slice(0, 100);
}
