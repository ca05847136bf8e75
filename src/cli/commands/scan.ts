import { dirname, relative, resolve } from 'node:path';
import { Config } from '../../core/config.ts';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { scanWithRules, type ScannedWithRules } from '../../engine/scan.ts';
import type { Remotes } from '../../engine/remote/open-remotes.ts';
import type { WorkerPool } from '../../engine/worker-pool.ts';
import { baselineOf } from '../../policy/baseline.ts';
import { exitCode } from '../../policy/decision.ts';
import { loadConfig } from '../../policy/config/load-config.ts';
import { REPORTERS, type ReporterName } from '../../reporters/index.ts';
import type { Io } from '../io.ts';
import { openProgress } from '../progress.ts';
import { writeAtomically } from '../write-atomically.ts';
import { findConfig } from './find-config.ts';
import { readNamedFile } from './read-file.ts';

/** Options of `cordon scan` as commander gives them. */
interface ScanFlags {
  readonly gate?: string;
  readonly policy?: string;
  readonly format?: readonly string[];
  readonly output?: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly all?: boolean;
  readonly cache?: boolean;
  readonly hash?: boolean;
  readonly allowTreeConfig?: boolean;
  readonly allowPrivateNetwork?: boolean;
  readonly jobs?: number;
  readonly timestamp?: boolean;
}

/** A report to write: format and file, standard output without one. */
interface Target {
  readonly format: ReporterName;
  readonly file: string | undefined;
}

/** `cordon scan`: scans, writes the reports, returns the exit code of the gate. */
export async function scanCommand(given: readonly string[], flags: ScanFlags, io: Io, workers?: WorkerPool): Promise<number> {
  const targets = targetsOf(flags);
  const { config, folder } = await configOf(given, flags, io);
  const baseline = flags.baseline === undefined ? undefined : await readJson(flags.baseline, io);
  const { local, urls } = sortPaths(given, io.cwd);
  const progress = openProgress(io.stderr);
  const remotes = urls.length === 0 ? undefined : await openAll(urls, flags);
  let scanned: ScannedWithRules;
  try {
    scanned = await scanWithRules(local, {
      config,
      configFolder: folder,
      onProgress: progress.update,
      ...(workers !== undefined && { workers }),
      ...(remotes !== undefined && { remotes: remotes.files }),
      ...(flags.gate !== undefined && { gate: flags.gate }),
      ...(baseline !== undefined && { baseline }),
      ...(flags.jobs !== undefined && { jobs: flags.jobs }),
      ...(flags.hash === false && { hash: false }),
      ...(flags.cache === false && { cache: false as const }),
      ...(flags.allowTreeConfig === true && { inlineWaivers: true }),
    });
  } finally {
    progress.close();
    await remotes?.close();
  }
  const { report } = scanned;
  for (const target of targets) writeReport(scanned, target, flags, io);
  if (flags.writeBaseline !== undefined)
    writeAtomically(resolve(io.cwd, flags.writeBaseline), `${JSON.stringify(baselineOf(report.findings), null, 2)}\n`);
  return exitCode(report.gate);
}

function targetsOf(flags: ScanFlags): Target[] {
  const targets = (flags.format ?? []).map((entry): Target => {
    const [name = '', ...rest] = entry.split('=');
    return { format: formatNamed(name), file: rest.length === 0 ? undefined : rest.join('=') };
  });
  const bare = targets.filter((target) => target.file === undefined);
  if (bare.length > 1)
    throw new CordonError('usage.invalid', 'only one --format can go to standard output; write --format FORMAT=FILE for the others');
  if (flags.output !== undefined && bare.length === 0 && targets.length > 0)
    throw new CordonError('usage.invalid', '--output needs a --format without a file');
  if (targets.length === 0) return [{ format: 'terminal', file: flags.output }];
  return targets.map((target) => (target.file === undefined ? { ...target, file: flags.output } : target));
}

function formatNamed(name: string): ReporterName {
  if (Object.hasOwn(REPORTERS, name)) return name as ReporterName;
  throw new CordonError('usage.invalid', `unknown format ${JSON.stringify(name)}; known: ${Object.keys(REPORTERS).join(', ')}`);
}

async function configOf(given: readonly string[], flags: ScanFlags, io: Io): Promise<{ config: Config; folder: string }> {
  const { file, ignored } =
    flags.policy === undefined
      ? findConfig(sortPaths(given, io.cwd).local, io.cwd, flags.allowTreeConfig === true)
      : { file: flags.policy, ignored: [] };
  for (const path of ignored) {
    const shown = printable(relative(io.cwd, path));
    io.stderr.write(
      `cordon: ${shown} lies inside what is scanned and was ignored; --policy ${shown} uses it, --allow-tree-config trusts the folder\n`,
    );
  }
  if (file === undefined) return { config: Config.parse({}), folder: io.cwd };
  return { config: loadConfig(await readNamedFile(file, io), file), folder: dirname(resolve(io.cwd, file)) };
}

function sortPaths(given: readonly string[], cwd: string): { local: string[]; urls: string[] } {
  const urls = given.filter((path) => /^(https?|hf):\/\//.test(path));
  return { urls, local: given.filter((path) => !urls.includes(path)).map((path) => (cwd === process.cwd() ? path : resolve(cwd, path))) };
}

async function openAll(urls: readonly string[], flags: ScanFlags): Promise<Remotes> {
  const { openRemotes } = await import('../../engine/remote/open-remotes.ts');
  return openRemotes(urls, { allowPrivate: flags.allowPrivateNetwork ?? false });
}

function writeReport({ report, rules }: ScannedWithRules, { format, file }: Target, flags: ScanFlags, io: Io): void {
  const toTerminal = file === undefined && io.stdout.isTTY === true;
  const text = REPORTERS[format](report, rules, {
    color: toTerminal && io.env.NO_COLOR === undefined,
    width: io.stdout.columns ?? 100,
    ...(flags.all === true && { all: true }),
    ...(flags.timestamp === true && { timestamp: new Date().toISOString() }),
  });
  if (file === undefined) io.stdout.write(text);
  else writeAtomically(resolve(io.cwd, file), text);
}

async function readJson(file: string, io: Io): Promise<unknown> {
  try {
    return JSON.parse(await readNamedFile(file, io));
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw new CordonError('usage.invalid', `${file} is not JSON: ${errorMessage(error)}`, { cause: error });
  }
}
