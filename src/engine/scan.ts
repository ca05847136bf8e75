import { homedir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../core/config.ts';
import type { Report } from '../core/report.ts';
import type { Rule } from '../core/rule.ts';
import { openPolicy, type Policy } from '../policy/open-policy.ts';
import { inspectPaths, type ScanProgress } from './inspect-paths.ts';
import { judge } from './judge.ts';
import { readInlineWaivers } from './inline-waivers.ts';
import { policySources } from './policy-sources.ts';
import type { RemoteFile } from './remote/remote-file.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What to scan and how. Everything has a default. */
export interface ScanOptions {
  /** Gate to ask. Default: what the configuration says, else `ci`. */
  readonly gate?: string;
  /** Validated configuration. Default: built-in gates, no waivers. */
  readonly config?: Config;
  /** Folder that relative paths in the configuration start from. Default: the working directory. */
  readonly configFolder?: string;
  /** An earlier report or baseline to compare with, parsed from JSON. */
  readonly baseline?: unknown;
  /** Worker threads. Default: one for each processor, at most 8. */
  readonly jobs?: number;
  /** Compute SHA-256 of every file. Default true; without it nothing is cached and renames are not recognised. */
  readonly hash?: boolean;
  /** Folder for results of unchanged files, or false. Default: `cordon` in the user's cache folder. */
  readonly cache?: string | false;
  /** Honour waivers in comments of scanned files. Default: what the configuration says. */
  readonly inlineWaivers?: boolean;
  /** ISO date that waivers are judged by. Default: today. */
  readonly today?: string;
  readonly onProgress?: (progress: ScanProgress) => void;
  /** Files behind URLs, opened by `openRemotes`. */
  readonly remotes?: readonly RemoteFile[];
  /** Workers that were started ahead; the scan closes them. */
  readonly workers?: WorkerPool;
}

/**
 * Scans files and folders and asks a gate. Never executes or imports anything of what it reads. Throws `config.invalid` when
 * the gate does not exist; whatever is wrong with the input is in the report.
 */
export async function scan(paths: readonly string[], options: ScanOptions = {}): Promise<Report> {
  return (await scanWithRules(paths, options)).report;
}

/** A report and the rules of the build that made it. */
export interface ScannedWithRules {
  readonly report: Report;
  readonly rules: ReadonlyMap<string, Rule>;
}

/** {@link scan}, with the rules that reporters explain findings by. */
export async function scanWithRules(paths: readonly string[], options: ScanOptions): Promise<ScannedWithRules> {
  const config = options.config ?? Config.parse({});
  const gate = options.gate ?? config.scan.gate ?? 'ci';
  const sources = policySources(config, options.configFolder ?? process.cwd());
  try {
    return await scanWithPolicy(paths, options, config, await openPolicy(config, gate, sources));
  } finally {
    await sources.close();
  }
}

async function scanWithPolicy(paths: readonly string[], options: ScanOptions, config: Config, policy: Policy): Promise<ScannedWithRules> {
  const inspected = await inspectPaths(paths, {
    limits: config.limits,
    hash: options.hash ?? true,
    cache: cacheFolder(options.cache ?? config.scan.cache ?? true),
    jobs: options.jobs ?? config.scan.jobs,
    onProgress: options.onProgress,
    remotes: options.remotes ?? [],
    workers: options.workers,
  });
  const honoursInline = options.inlineWaivers ?? config.waiverPolicy.inline;
  const report = await judge(inspected, {
    config,
    policy,
    today: options.today,
    baseline: options.baseline,
    inline: (findings) => (honoursInline ? readInlineWaivers(inspected.walked.files, findings) : []),
    rules: inspected.ruleBook.digest,
  });
  return { report, rules: inspected.ruleBook.rules };
}

/** Where results of unchanged files are remembered. */
function cacheFolder(wanted: string | boolean): string | undefined {
  if (wanted === false) return undefined;
  if (typeof wanted === 'string') return wanted;
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'cordon', 'scans');
}
