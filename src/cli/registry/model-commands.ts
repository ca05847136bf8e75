import type { Command } from 'commander';
import type { Io } from '../io.ts';

/** `cordon models list|show|diff`. */
export function addModelCommands(cordon: Command, io: Io, server: readonly [string, string]): void {
  const models = cordon.command('models').description('what the registry has');
  models
    .command('list')
    .description('models that you may read')
    .argument('[search]', 'part of the name')
    .option('--kind <kind>', 'model, dataset or space (default: model)')
    .option('--namespace <name>', 'only of this one')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (search: string | undefined, options: object) => {
      const { modelsListCommand } = await import('./models.ts');
      process.exitCode = await modelsListCommand(search, options, io);
    });
  models
    .command('show')
    .description('versions with their stages; files, admission and findings of a revision')
    .argument('<name>', 'namespace/name[@version or revision]')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (name: string, options: object) => {
      const { modelsShowCommand } = await import('./models.ts');
      process.exitCode = await modelsShowCommand(name, options, io);
    });
  models
    .command('diff')
    .description('which files came, went and changed; ends with 1 when some did')
    .argument('<from>', 'namespace/name[@version or revision]')
    .argument('<to>', 'namespace/name[@version or revision]')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (from: string, to: string, options: object) => {
      const { modelsDiffCommand } = await import('./models.ts');
      process.exitCode = await modelsDiffCommand(from, to, options, io);
    });
}
