import { type Command, InvalidArgumentError } from 'commander';
import { spanMs } from '../../core/gateway-defence-config.ts';
import type { Io } from '../io.ts';

const GROUPS = ['hour', 'day', 'principal', 'key', 'team', 'model', 'upstream', 'route'];

/** `cordon usage|exchanges`. */
export function addUsageCommands(cordon: Command, io: Io, server: readonly [string, string]): void {
  cordon
    .command('usage')
    .description('requests, tokens and cost at the gateway: your own, or of everybody with the action audit')
    .option('--by <groups>', `one row for each ${GROUPS.join(', ')}; several with commas between`, groups)
    .option('--since <span>', 'how far back, such as 12h or 30d (default: 24h)', span)
    .option('--principal <name>', 'only of this principal')
    .option('--key <id>', 'only of this key')
    .option('--model <name>', 'only of this model')
    .option('--route <route>', 'only of this route, such as /v1/chat/completions')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (options: object) => {
      const { usageCommand } = await import('./usage.ts');
      process.exitCode = await usageCommand(options, io);
    });
  cordon
    .command('exchanges')
    .description('records of requests through the gateway, newest first; needs the action audit')
    .option('--since <span>', 'how far back, such as 12h or 30d', span)
    .option('--principal <name>', 'only of this principal')
    .option('--outcome <outcome>', 'served, refused, limited, blocked, failed or aborted')
    .option('--session <name>', 'only of this session')
    .option('--before <id>', 'the page after this record')
    .option('--limit <n>', 'so many, up to 500 (default: 100)', limit)
    .option('--content <id>', 'what was said in this one, if it was kept; reading it is written to the ledger')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (options: object) => {
      const { exchangesCommand } = await import('./exchanges.ts');
      process.exitCode = await exchangesCommand(options, io);
    });
}

function groups(text: string): string[] {
  const all = text.split(',');
  if (!all.every((group) => GROUPS.includes(group))) throw new InvalidArgumentError(`give some of ${GROUPS.join(', ')}.`);
  return all;
}

function span(text: string): number {
  const ms = spanMs(text);
  if (ms === undefined) throw new InvalidArgumentError('give a span such as 30m, 12h or 7d, up to a year.');
  return ms;
}

function limit(text: string): number {
  const number = Number(text);
  if (!/^\d{1,3}$/.test(text) || number < 1 || number > 500) throw new InvalidArgumentError('give a number from 1 to 500.');
  return number;
}
