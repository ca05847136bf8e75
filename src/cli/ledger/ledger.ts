import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { type RowProblem, verifyRecords } from '../../engine/registry/integrity/verify-records.ts';
import { exportLedger } from '../../evidence/ledger/export.ts';
import { openSigner } from '../../evidence/ledger/note/signer.ts';
import { type LedgerVerification } from '../../evidence/ledger/verify/problem.ts';
import { verifyLedger } from '../../evidence/ledger/verify/verify-database.ts';
import { verifyLedgerExport } from '../../evidence/ledger/verify/verify-export.ts';
import { countText } from '../../reporters/text/amounts.ts';
import { LEDGER_KEY_FILE } from '../../server/data-folder.ts';
import { openDiskBlobs } from '../../store/blobs/disk.ts';
import { openStore, type Store } from '../../store/open-store.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';

/** Where the database is. */
interface DataFlags {
  readonly data?: string;
  readonly database?: string;
}

interface VerifyFlags extends DataFlags {
  readonly key?: readonly string[];
  readonly witness?: readonly string[];
  readonly known?: string;
  readonly json?: boolean;
}

/** `cordon ledger verify [EXPORT]`: 0 everything is as it was signed, 1 something is not, and what comes first. */
export async function ledgerVerifyCommand(folder: string | undefined, flags: VerifyFlags, io: Io): Promise<number> {
  const keys = (flags.key ?? []).map((key) => textOrFile(key, io));
  const trust = {
    ...(flags.witness !== undefined && flags.witness.length > 0 && { witnesses: flags.witness.map((key) => textOrFile(key, io)) }),
    ...(flags.known !== undefined && { known: readFileSync(resolve(io.cwd, flags.known), 'utf8') }),
  };
  if (folder !== undefined) {
    if (keys.length === 0) throw new CordonError('usage.invalid', 'name the key of the log with --key: an export cannot vouch for itself');
    return told(await verifyLedgerExport(resolve(io.cwd, folder), { ...trust, keys }), flags, io);
  }
  return withStore(flags, io, async (store, data) => {
    const own =
      keys.length > 0 ? keys : [(await openSigner({ file: join(data, LEDGER_KEY_FILE), env: 'CORDON_LEDGER_KEY' })).verifier.text];
    const result = await verifyLedger(store, { ...trust, keys: own });
    const rows = result.ok ? await wrongRows(store, data) : [];
    const code = told(result, flags, io, rows);
    return rows.length === 0 ? code : EXIT.denied;
  });
}

/** `cordon ledger export FOLDER`. */
export async function ledgerExportCommand(folder: string, flags: DataFlags, io: Io): Promise<number> {
  return withStore(flags, io, async (store) => {
    const { entries, checkpoints } = await exportLedger(store, resolve(io.cwd, folder));
    io.stdout.write(`wrote ${printable(folder)}: ${entriesText(entries)}, ${countText(checkpoints, 'checkpoint')}\n`);
    return EXIT.allowed;
  });
}

/** `cordon ledger key`: what others verify with. */
export async function ledgerKeyCommand(flags: DataFlags, io: Io): Promise<number> {
  const file = join(dataFolder(flags, io), LEDGER_KEY_FILE);
  if (!existsSync(file) && io.env.CORDON_LEDGER_KEY === undefined) throw new CordonError('input.missing', `there is no key in ${file}`);
  const { verifier } = await openSigner({ file, env: 'CORDON_LEDGER_KEY' });
  io.stdout.write(`${verifier.text}\n`);
  return EXIT.allowed;
}

/** How many wrong rows are named. */
const ROWS_TOLD = 100;

/** Rows that are not what the ledger or their own names say. Why twice: a server may be writing, and only what stays wrong is wrong. */
async function wrongRows(store: Store, data: string): Promise<readonly RowProblem[]> {
  const folder = join(data, 'blobs');
  const blobs = existsSync(folder) ? await openDiskBlobs({ folder }) : undefined;
  const found = async (): Promise<ReadonlyMap<string, RowProblem>> => {
    const problems = new Map<string, RowProblem>();
    for await (const problem of verifyRecords(store.db, blobs)) problems.set(JSON.stringify(problem), problem);
    return problems;
  };
  try {
    const first = await found();
    const second = first.size === 0 ? first : await found();
    return [...first].filter(([key]) => second.has(key)).map(([, problem]) => problem);
  } finally {
    await blobs?.close();
  }
}

function told(result: LedgerVerification, flags: VerifyFlags, io: Io, rows: readonly RowProblem[] = []): number {
  const { ok, entries, checkpoints, records, signed, problem } = result;
  if (flags.json === true) io.stdout.write(`${JSON.stringify(rows.length === 0 ? result : { ...result, ok: false, rows }, null, 2)}\n`);
  else if (problem !== null) io.stdout.write(`wrong: ${problem.name}: ${printable(problem.message)}\n`);
  else {
    const more = records === 0 ? '' : `, ${countText(records, 'record')} of the gateway`;
    io.stdout.write(`right: ${entriesText(entries)}, ${signed} of them signed, ${countText(checkpoints, 'checkpoint')}${more}\n`);
  }
  if (flags.json !== true) {
    for (const { table, key, message } of rows.slice(0, ROWS_TOLD)) io.stdout.write(`wrong: ${table} ${printable(key)}: ${message}\n`);
    if (rows.length > ROWS_TOLD) io.stdout.write(`and ${rows.length - ROWS_TOLD} more\n`);
  }
  return ok ? EXIT.allowed : EXIT.denied;
}

function dataFolder(flags: DataFlags, io: Io): string {
  return resolve(io.cwd, flags.data ?? '.cordon');
}

async function withStore(flags: DataFlags, io: Io, work: (store: Store, data: string) => Promise<number>): Promise<number> {
  const data = dataFolder(flags, io);
  const database = flags.database ?? join(data, 'cordon.db');
  // Why: opening would make an empty one, which verifies.
  if (flags.database === undefined && !existsSync(database)) throw new CordonError('input.missing', `there is no database in ${data}`);
  const store = await openStore({ database });
  try {
    return await work(store, data);
  } finally {
    await store.close();
  }
}

function entriesText(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

/** A key as text, or the file it lies in. */
function textOrFile(key: string, io: Io): string {
  const file = resolve(io.cwd, key);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : key;
}
