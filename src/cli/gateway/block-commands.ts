import { type Command, InvalidArgumentError } from 'commander';
import { spanMs } from '../../core/gateway-defence-config.ts';
import type { Io } from '../io.ts';

/** `cordon block|unblock|blocks`. */
export function addBlockCommands(cordon: Command, io: Io, server: readonly [string, string]): void {
  cordon
    .command('block')
    .description('stop something at the gateway, at once and everywhere, also what is under way')
    .argument('<kind>', 'everything, key, principal (or user), team, ip, model, tool, route or session')
    .argument('[value]', 'id or first characters of a key, name, address or range, name with stars')
    .requiredOption('--reason <text>', 'why; kept in the ledger')
    .option('--for <span>', 'ends by itself after so long, such as 30m, 12h or 7d', span)
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (kind: string, value: string | undefined, options: { reason: string }) => {
      const { blockCommand } = await import('./blocks.ts');
      process.exitCode = await blockCommand(kind, value, options, io);
    });
  cordon
    .command('unblock')
    .description('lift a block before its time')
    .argument('<id>', 'id of the block')
    .option(...server)
    .action(async (id: string, options: object) => {
      const { unblockCommand } = await import('./blocks.ts');
      process.exitCode = await unblockCommand(id, options, io);
    });
  cordon
    .command('blocks')
    .description('what is blocked or tightened now, newest first')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (options: object) => {
      const { blocksCommand } = await import('./blocks.ts');
      process.exitCode = await blocksCommand(options, io);
    });
}

function span(text: string): number {
  const ms = spanMs(text);
  if (ms === undefined) throw new InvalidArgumentError('give a span such as 30m, 12h or 7d, up to a year.');
  return ms;
}
