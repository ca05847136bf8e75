import type { Command } from 'commander';
import type { Io } from '../io.ts';

/** `cordon ledger verify|export|key`. */
export function addLedgerCommands(cordon: Command, io: Io): void {
  const ledger = cordon.command('ledger').description('the append-only log of everything that was decided');
  const data = ['--data <folder>', 'data folder of the server (default: .cordon)'] as const;
  const database = ['--database <url>', 'postgres://... instead of the file in the data folder'] as const;
  ledger
    .command('verify')
    .description('check an export, or the database of a server, and name the first thing that is wrong')
    .argument('[export]', 'folder that cordon ledger export wrote; without it: the database')
    .option('--key <key>', 'verifier key of the log, as text or file; may be repeated', collect, [])
    .option('--witness <key>', 'verifier key of a witness; may be repeated', collect, [])
    .option('--known <file>', 'a checkpoint you kept: the log must agree with it')
    .option(...data)
    .option(...database)
    .option('--json', 'as JSON')
    .action(async (folder: string | undefined, options: object) => {
      const { ledgerVerifyCommand } = await import('./ledger.ts');
      process.exitCode = await ledgerVerifyCommand(folder, options, io);
    });
  ledger
    .command('export')
    .description('write entries, tiles and checkpoints into a folder that verifies offline')
    .argument('<folder>')
    .option(...data)
    .option(...database)
    .action(async (folder: string, options: object) => {
      const { ledgerExportCommand } = await import('./ledger.ts');
      process.exitCode = await ledgerExportCommand(folder, options, io);
    });
  ledger
    .command('key')
    .description('print the key that others verify with')
    .option(...data)
    .action(async (options: object) => {
      const { ledgerKeyCommand } = await import('./ledger.ts');
      process.exitCode = await ledgerKeyCommand(options, io);
    });
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}
