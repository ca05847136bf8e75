#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { CordonError, errorMessage } from '../core/errors.ts';
import { VERSION } from '../engine/build.ts';
import { EXIT } from './exit-codes.ts';
import { processIo } from './io.ts';
import { addServerCommands } from './server-commands.ts';
import { addSigningCommands } from './signing/commands.ts';

/** Command files are imported when they run, so that `--help` loads nothing else. */
function program(): Command {
  const io = processIo();
  const cordon = new Command('cordon')
    .description('Secures the AI lifecycle: says whether a model is safe to load, why not, and what to do about it.')
    .version(VERSION, '-V, --version')
    .showSuggestionAfterError()
    // Why: `guard` has options of its own, and its subcommands have options of the same names.
    .enablePositionalOptions()
    .exitOverride();

  cordon
    .command('scan')
    .description('scan files, folders, model repositories or URLs, and ask a gate')
    .argument('<path...>', 'files, folders, https:// URLs, or hf://org/name[@revision][/file]')
    .option('-g, --gate <name>', 'gate to ask (default: ci)')
    .option('-p, --policy <file>', 'configuration with gates and waivers (cordon.yaml)')
    .option(
      '-f, --format <format[=file]>',
      'terminal, json, sarif, junit, html, markdown, cyclonedx, codequality; may be repeated',
      collect,
      [],
    )
    .option('-o, --output <file>', 'write the report there instead of standard output')
    .option('-b, --baseline <file>', 'compare with an earlier report: new, unchanged, fixed')
    .option('--write-baseline <file>', 'write the fingerprints of this scan as a baseline')
    .option('-a, --all', 'show everything instead of one screen')
    .option('--no-cache', 'read every file again')
    .option('--no-hash', 'skip SHA-256: faster on huge files, but no digests, no cache')
    .option('--allow-tree-config', 'use the cordon.yaml and inline waivers of the scanned folder: trust its author')
    .option('--allow-private-network', 'let URLs lead to private addresses')
    .option('-j, --jobs <n>', 'worker threads', positive)
    .option('--timestamp', 'put the time into formats that have a place for it')
    .action(async (paths: string[], options: { readonly jobs?: number }) => {
      // Started before the command is loaded: both take a tenth of a second.
      const { WorkerPool } = await import('../engine/worker-pool.ts');
      const workers = new WorkerPool(options.jobs);
      workers.warm();
      try {
        const { scanCommand } = await import('./commands/scan.ts');
        process.exitCode = await scanCommand(paths, options, io, workers);
      } finally {
        await workers.close();
      }
    });

  cordon
    .command('explain')
    .description('explain a rule, or which input values made a gate entry fire')
    .argument('[rule]', 'rule id, or id of a gate entry with --report')
    .option('-r, --report <file>', 'report (JSON) whose decision to explain')
    .action(async (rule: string | undefined, options: object) => {
      const { explainCommand } = await import('./commands/explain.ts');
      process.exitCode = await explainCommand(rule, options, io);
    });

  cordon
    .command('rules')
    .description('list every rule')
    .option('--json', 'as JSON')
    .action(async (options: object) => {
      const { rulesCommand } = await import('./commands/rules.ts');
      process.exitCode = rulesCommand(options, io);
    });

  const policy = cordon.command('policy').description('check and test policies');
  policy
    .command('check')
    .description('validate a cordon.yaml')
    .argument('<file>')
    .action(async (file: string) => {
      const { policyCheckCommand } = await import('./commands/policy-check.ts');
      process.exitCode = await policyCheckCommand(file, io);
    });
  policy
    .command('test')
    .description('run table tests written in YAML')
    .argument('<file>')
    .action(async (file: string) => {
      const { policyTestCommand } = await import('./commands/policy-test.ts');
      process.exitCode = await policyTestCommand(file, io);
    });

  const guard = cordon
    .command('guard')
    .description('decide on conversation text (JSON lines on standard input: {"text", "channel"} or {"messages"})')
    .option('--profile <name>', 'profile of the guard (default: the one the configuration names)')
    .option('-p, --policy <file>', 'configuration with the section guard (cordon.yaml)')
    .option('--model <path>', 'model of the guard: a folder, or an installed package that holds one')
    .option('--redact', 'write only the redacted text, the verdict and the effect')
    .action(async (options: object) => {
      const { guardCommand } = await import('./commands/guard.ts');
      process.exitCode = await guardCommand(options, io);
    });
  guard
    .command('eval')
    .description('measure the guard on labelled texts: {"text", "label", "channel", "source", "language", "kind"} per line')
    .argument('<file>', 'JSON lines, also gzipped')
    .option('--profile <name>', 'profile of the guard')
    .option('-p, --policy <file>', 'configuration with the section guard (cordon.yaml)')
    .option('--model <path>', 'model of the guard: a folder, or an installed package that holds one')
    .option('--threshold <score>', 'score from which a text counts as an attack (default: 0.7)', fraction)
    .option('--fpr <rate>', 'the fixed false positive rate (default: 0.01)', fraction)
    .option('--json', 'as JSON')
    .action(async (file: string, options: object) => {
      const { guardEvalCommand } = await import('./commands/guard-eval.ts');
      process.exitCode = await guardEvalCommand(file, options, io);
    });
  guard
    .command('tools')
    .description('decide on the tool calls of a trace (JSON lines on standard input)')
    .option('-p, --policy <file>', 'configuration with the section toolPolicy (cordon.yaml)')
    .option('--protocol <name>', 'cordon, openai, anthropic or mcp (default: cordon)')
    .option('--server <name>', 'name of the MCP server that the messages are from')
    .option('-t, --test <file>', 'run table tests written in YAML instead')
    .action(async (options: object) => {
      const { guardToolsCommand } = await import('./commands/guard-tools.ts');
      process.exitCode = await guardToolsCommand(options, io);
    });

  cordon
    .command('convert')
    .description('rewrite a torch state dict as safetensors without running anything of it')
    .argument('<file>')
    .requiredOption('--to <format>', 'safetensors')
    .option('-o, --output <file>', 'where to write (default: beside the input)')
    .option('--force', 'replace an existing file')
    .option('-k, --key <name>', 'the dict to convert where the file holds several, for example state_dict')
    .action(async (file: string, options: { to: string }) => {
      const { convertCommand } = await import('./commands/convert.ts');
      process.exitCode = await convertCommand(file, options, io);
    });

  addSigningCommands(cordon, io);
  addServerCommands(cordon, io);

  return cordon;
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 256) throw new InvalidArgumentError('give a number from 1 to 256.');
  return number;
}

function fraction(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number < 1)) throw new InvalidArgumentError('give a number between 0 and 1.');
  return number;
}

/**
 * A reader that has seen enough (`cordon scan . | head -1`) is no error; a full disk behind standard output is. Either way no
 * stack trace, and the exit code stays that of the gate or says that the report could not be written.
 */
function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`cordon: cannot write to standard output: ${error.message}\n`);
    process.exitCode = EXIT.usage;
  });
  process.stderr.on('error', () => undefined);
}

/** Runs the command line and sets the exit code: 3 for every usage or configuration error. */
async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT.allowed : EXIT.usage;
      return;
    }
    process.stderr.write(`cordon: ${errorMessage(error)}\n`);
    if (!(error instanceof CordonError) && process.env.CORDON_DEBUG !== undefined)
      process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
    process.exitCode = EXIT.usage;
  }
}

watchOutput();
await main();
