import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { exportLedger } from '../../evidence/ledger/export.ts';
import { openSigner } from '../../evidence/ledger/note/signer.ts';
import { type LedgerVerification } from '../../evidence/ledger/verify/problem.ts';
import { verifyLedger } from '../../evidence/ledger/verify/verify-database.ts';
import { verifyLedgerExport } from '../../evidence/ledger/verify/verify-export.ts';
import { countText } from '../../reporters/text/amounts.ts';
import { LEDGER_KEY_FILE } from '../../server/data-folder.ts';
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
    return told(await verifyLedger(store, { ...trust, keys: own }), flags, io);
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

function told(result: LedgerVerification, flags: VerifyFlags, io: Io): number {
  const { ok, entries, checkpoints, records, signed, problem } = result;
  if (flags.json === true) io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (problem !== null) io.stdout.write(`wrong: ${problem.name}: ${printable(problem.message)}\n`);
  else {
    const more = records === 0 ? '' : `, ${countText(records, 'record')} of the gateway`;
    io.stdout.write(`right: ${entriesText(entries)}, ${signed} of them signed, ${countText(checkpoints, 'checkpoint')}${more}\n`);
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
