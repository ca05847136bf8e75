import type { Command } from 'commander';
import type { Io } from '../io.ts';

/** `cordon mcp pins|approve`. */
export function addMcpCommands(cordon: Command, io: Io, server: readonly [string, string]): void {
  const mcp = cordon.command('mcp').description('tools of MCP servers behind the gateway');
  mcp
    .command('pins')
    .description('descriptions of tools: accepted, and waiting for approval')
    .option('--pending', 'only those that wait, with their texts')
    .option(...server)
    .option('--json', 'as JSON')
    .action(async (options: object) => {
      const { pinsCommand } = await import('./mcp.ts');
      process.exitCode = await pinsCommand(options, io);
    });
  mcp
    .command('approve')
    .description('approve the description of a tool that waits')
    .argument('<tool>', 'server/tool')
    .requiredOption('--digest <sha256>', 'of the description that was read, or at least its first 12 characters')
    .option(...server)
    .action(async (tool: string, options: { digest: string }) => {
      const { approvePinCommand } = await import('./mcp.ts');
      process.exitCode = await approvePinCommand(tool, options, io);
    });
}
