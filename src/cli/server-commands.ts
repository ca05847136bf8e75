import { type Command, InvalidArgumentError } from 'commander';
import type { Io } from './io.ts';

/** Commands around the server. */
export function addServerCommands(cordon: Command, io: Io): void {
  cordon
    .command('serve')
    .description('run the registry: one address for Hugging Face, MLflow and Cordon clients')
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
}

function port(text: string): number {
  const number = Number(text);
  if (!/^\d{1,5}$/.test(text) || number > 65_535) throw new InvalidArgumentError('give a port from 0 to 65535.');
  return number;
}
