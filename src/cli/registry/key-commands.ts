import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from '../io.ts';

/** `cordon keys create|list|revoke`. */
export function addKeyCommands(cordon: Command, io: Io, server: readonly [string, string]): void {
  const keys = cordon.command('keys').description('keys of the server');
  keys
    .command('create')
    .description('make a key; it is shown once, on standard output')
    .argument('<name>', 'what it is for')
    .option('--for <principal>', 'whose key (default: your own)')
    .option('--days <n>', 'ends after so many days', days)
    .option('--action <action>', 'only this: read, write, promote, ...; may be repeated', collect, [])
    .option('--namespace <name>', 'only there; may be repeated', collect, [])
    .option('--repository <namespace/name>', 'only there; may be repeated', collect, [])
    .option(...server)
    .action(async (name: string, options: object) => {
      const { keysCreateCommand } = await import('./keys.ts');
      process.exitCode = await keysCreateCommand(name, options, io);
    });
  keys
    .command('list')
    .description('keys, newest first')
    .option('--all', 'those of everybody')
    .option('--json', 'as JSON')
    .option(...server)
    .action(async (options: object) => {
      const { keysListCommand } = await import('./keys.ts');
      process.exitCode = await keysListCommand(options, io);
    });
  keys
    .command('revoke')
    .description('end a key, effective with the next request')
    .argument('<id>', 'id of the key')
    .option(...server)
    .action(async (id: string, options: object) => {
      const { keysRevokeCommand } = await import('./keys.ts');
      process.exitCode = await keysRevokeCommand(id, options, io);
    });
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function days(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 3_650)) throw new InvalidArgumentError('give a number of days up to 3650.');
  return number;
}
