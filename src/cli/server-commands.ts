import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from './io.ts';
import { addBlockCommands } from './gateway/block-commands.ts';
import { addMcpCommands } from './gateway/mcp-commands.ts';
import { addUsageCommands } from './gateway/usage-commands.ts';
import { addLedgerCommands } from './ledger/commands.ts';
import { addEvidenceCommands } from './registry/evidence-commands.ts';
import { addKeyCommands } from './registry/key-commands.ts';
import { addModelCommands } from './registry/model-commands.ts';

/** Commands around the server. */
export function addServerCommands(cordon: Command, io: Io): void {
  cordon
    .command('serve')
    .description('run the registry and the gateway: one address for Hugging Face, MLflow, OpenAI, Anthropic and Cordon clients')
    .option('--demo', 'also serve a model that repeats what it is told, for trying the gateway')
    .option('--workers <n>', 'processes that answer on one port, such as the number of cores (default: 1)', workers)
    .option('--port <n>', 'port to listen on (default: 7070)', port)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--data <folder>', 'folder for database, files and keys (default: .cordon)')
    .option('--database <url>', 'postgres://... instead of a file in the data folder')
    .option('--blobs <url>', 's3://bucket/prefix instead of the data folder')
    .option('-p, --policy <file>', 'configuration (cordon.yaml)')
    .action(async (options: object) => {
      const { serveCommand } = await import('./commands/serve.ts');
      process.exitCode = await serveCommand(options, io);
    });

  const server = ['--server <url>', 'address of the server (default: CORDON_SERVER, else http://127.0.0.1:7070)'] as const;
  addKeyCommands(cordon, io, server);
  addBlockCommands(cordon, io, server);
  addUsageCommands(cordon, io, server);
  addMcpCommands(cordon, io, server);
  addLedgerCommands(cordon, io);
  addEvidenceCommands(cordon, io, server);
  addModelCommands(cordon, io, server);
  cordon
    .command('seal')
    .description('make a revision in the registry a numbered version')
    .argument('<name>', 'namespace/name[@revision]')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (name: string, options: object) => {
      const { sealCommand } = await import('./registry/acts.ts');
      process.exitCode = await sealCommand(name, options, io);
    });
  cordon
    .command('promote')
    .description('promote a version to a stage, or explain why not')
    .argument('<name>', 'namespace/name@version')
    .requiredOption('--to <stage>', 'stage, such as production')
    .option('--dry-run', 'only say what would happen')
    .option('--keep', 'leave versions that are in the stage there')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (name: string, options: { to: string }) => {
      const { promoteCommand } = await import('./registry/acts.ts');
      process.exitCode = await promoteCommand(name, options, io);
    });
  cordon
    .command('approve')
    .description('approve a version for a stage')
    .argument('<name>', 'namespace/name@version')
    .requiredOption('--stage <stage>', 'stage, such as production')
    .option('--comment <text>', 'what was looked at')
    .option(...server)
    .action(async (name: string, options: { stage: string }) => {
      const { approveCommand } = await import('./registry/acts.ts');
      process.exitCode = await approveCommand(name, options, io);
    });
  cordon
    .command('recall')
    .description('block a version everywhere at once, and list who pulled it')
    .argument('<name>', 'namespace/name@version or @revision; sha256:DIGEST for whatever holds a content')
    .option('--reason <text>', 'shown to everybody who asks for it')
    .option('--lift', 'end a recall')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (name: string, options: object) => {
      const { recallCommand } = await import('./registry/acts.ts');
      process.exitCode = await recallCommand(name, options, io);
    });
  cordon
    .command('retro')
    .description('decide again about everything in the registry, without reading bytes')
    .option('--dry-run', 'only list what would change')
    .option('--status', 'say what was decided by older scanners, and where reading it again stands')
    .option('--rescan', 'read again what older rules looked at')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (options: object) => {
      const { retroCommand } = await import('./registry/acts.ts');
      process.exitCode = await retroCommand(options, io);
    });
}

function workers(text: string): number {
  const number = Number(text);
  if (!/^\d{1,3}$/.test(text) || number < 1 || number > 128) throw new InvalidArgumentError('give a number from 1 to 128.');
  return number;
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number > 65_535) throw new InvalidArgumentError('give a port from 0 to 65535.');
  return number;
}
