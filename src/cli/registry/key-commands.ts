import { type Command, InvalidArgumentError } from 'commander';
import { spanMs } from '../../core/gateway-defence-config.ts';
import type { Io } from '../io.ts';

/** `cordon keys create|list|rotate|revoke`. */
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
    .option('--model <name>', 'only this model of the gateway; * stands for any characters; may be repeated', collect, [])
    .option('--route <path>', 'only this route of the gateway, such as /v1/*; may be repeated', collect, [])
    .option('--tool <name>', 'only this tool may be called; may be repeated', collect, [])
    .option('--ip <address>', 'only from this address or range; may be repeated', collect, [])
    .option('--profile <name>', 'profile of the guard for its calls')
    .option('--requests <n/period>', 'so many calls, such as 60/minute', rate)
    .option('--tokens <n/period>', 'so many tokens, such as 100000/day', rate)
    .option('--concurrency <n>', 'so many calls at once', whole)
    .option('--budget <usd/period>', 'so much money, such as 25/month', budget)
    .option('--originals', 'may have redactions reversed')
    .option(...server)
    .action(async (name: string, options: object) => {
      const { keysCreateCommand } = await import('./keys.ts');
      process.exitCode = await keysCreateCommand(name, options, io);
    });
  keys
    .command('list')
    .description('keys, newest first')
    .argument('[prefix]', 'first characters of the key')
    .option('--all', 'those of everybody')
    .option('--json', 'as JSON')
    .option(...server)
    .action(async (prefix: string | undefined, options: object) => {
      const { keysListCommand } = await import('./keys.ts');
      process.exitCode = await keysListCommand(prefix, options, io);
    });
  keys
    .command('rotate')
    .description('make a successor; it is shown once, on standard output, and the old key works for a while more')
    .argument('<id>', 'id, or first characters of the key')
    .option('--overlap <span>', 'how long the old key works, such as 1h or 7d (default: 24h)', span)
    .option('--now', 'end the old key at once')
    .option(...server)
    .action(async (id: string, options: object) => {
      const { keysRotateCommand } = await import('./keys.ts');
      process.exitCode = await keysRotateCommand(id, options, io);
    });
  keys
    .command('revoke')
    .description('end a key, effective with the next request')
    .argument('<id>', 'id of the key')
    .option('--cascade', 'also all keys that were made with it, and with those: for one that was stolen')
    .option(...server)
    .action(async (id: string, options: object) => {
      const { keysRevokeCommand } = await import('./keys.ts');
      process.exitCode = await keysRevokeCommand(id, options, io);
    });
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

/** `60/minute`. */
function rate(text: string): { count: number; per: string } {
  const [, count, per] = /^(\d{1,13})\/(second|minute|hour|day)$/.exec(text) ?? [];
  if (count === undefined || per === undefined || Number(count) < 1) throw new InvalidArgumentError('give for example 60/minute.');
  return { count: Number(count), per };
}

/** `25/month`. */
function budget(text: string): { usd: number; per: string } {
  const [, usd, per] = /^(\d{1,8}(?:\.\d{1,6})?)\/(day|week|month|total)$/.exec(text) ?? [];
  if (usd === undefined || per === undefined) throw new InvalidArgumentError('give for example 25/month.');
  return { usd: Number(usd), per };
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('give a whole number above 0.');
  return Number(text);
}

function span(text: string): number {
  const ms = spanMs(text);
  if (ms === undefined) throw new InvalidArgumentError('give a span such as 30m, 12h or 7d.');
  return ms;
}

function days(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 3_650)) throw new InvalidArgumentError('give a number of days up to 3650.');
  return number;
}
