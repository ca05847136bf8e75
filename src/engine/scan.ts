import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Artifact } from '../core/artifact.ts';
import { Config } from '../core/config.ts';
import type { Decision } from '../core/decision.ts';
import type { Finding } from '../core/finding.ts';
import type { Report } from '../core/report.ts';
import type { Rule } from '../core/rule.ts';
import { SEVERITIES } from '../core/severity.ts';
import { type Verdict, verdictOf, worseVerdict } from '../core/verdict.ts';
import { compareWithBaseline, readBaseline } from '../policy/baseline.ts';
import { inputDocument } from '../policy/input-document.ts';
import { openPolicy, type PolicySources } from '../policy/open-policy.ts';
import { applyWaivers } from '../policy/waivers/apply.ts';
import { VERSION } from './build.ts';
import { numbered } from './findings.ts';
import { type DraftArtifact, type Inspected, inspectPaths, type ScanProgress } from './inspect-paths.ts';
import { readInlineWaivers } from './inline-waivers.ts';
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
  const policy = await openPolicy(config, gate, policySources(options.configFolder ?? process.cwd()));
  const inspected = await inspectPaths(paths, {
    limits: config.limits,
    hash: options.hash ?? true,
    cache: cacheFolder(options.cache ?? config.scan.cache ?? true),
    jobs: options.jobs ?? config.scan.jobs,
    onProgress: options.onProgress,
    remotes: options.remotes ?? [],
    workers: options.workers,
  });
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const found = numbered(inspected.findings);
  const honoursInline = options.inlineWaivers ?? config.waiverPolicy.inline;
  const waived = applyWaivers({
    findings: found,
    artifacts: inspected.artifacts,
    waivers: config.waivers,
    inline: honoursInline ? readInlineWaivers(inspected.walked.files, found) : [],
    policy: config.waiverPolicy,
    today,
  });
  const compared = options.baseline === undefined ? undefined : compareWithBaseline(waived.findings, readBaseline(options.baseline));
  const findings = compared?.findings ?? waived.findings;
  const artifacts = judged(inspected.artifacts, findings);
  const { completeness } = inspected;
  const decision = await policy.decide(
    // Why the date only when the caller gave it: the same scan must give the same decision, byte for byte, tomorrow.
    inputDocument({
      findings,
      artifacts,
      completeness,
      gate,
      waivers: waived.statuses,
      baseline: compared?.summary,
      ...(options.today !== undefined && { today: options.today }),
    }),
  );
  const report: Report = {
    schema: 'cordon/report/1',
    verdict: artifacts.map((artifact) => artifact.verdict).reduce(worseVerdict, verdictOfAll(findings)),
    completeness,
    gate: named(decision),
    artifacts,
    findings,
    plugins: [...inspected.plugins],
    waivers: waived.statuses,
    ...(compared !== undefined && { baseline: compared.summary }),
    stats: statsOf(inspected, findings),
    tool: { name: 'cordon', version: VERSION, rules: inspected.ruleBook.digest },
  };
  return { report, rules: inspected.ruleBook.rules };
}

function policySources(folder: string): PolicySources {
  return { readBundle: (path) => readFile(resolve(folder, path)), environment: (name) => process.env[name] };
}

/** Where results of unchanged files are remembered. */
function cacheFolder(wanted: string | boolean): string | undefined {
  if (wanted === false) return undefined;
  if (typeof wanted === 'string') return wanted;
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'cordon', 'scans');
}

/** Gives every artifact its findings and its verdict. */
function judged(artifacts: readonly DraftArtifact[], findings: readonly Finding[]): Artifact[] {
  const byPath = groupByPath(findings);
  return artifacts.map((artifact) => {
    const own = byPath.get(artifact.path) ?? [];
    return { ...artifact, verdict: verdictOfAll(own), findings: own.map((finding) => finding.id) };
  });
}

function verdictOfAll(findings: readonly Finding[]): Verdict {
  return findings
    .filter((finding) => finding.suppressed === undefined)
    .reduce<Verdict>((verdict, { severity }) => worseVerdict(verdict, verdictOf(severity)), 'clean');
}

function named({ gate, ...decision }: Decision): Report['gate'] {
  return { name: gate, ...decision };
}

function statsOf(inspected: Inspected, findings: readonly Finding[]): Report['stats'] {
  const counted = findings.filter((finding) => finding.suppressed === undefined);
  return {
    files: inspected.artifacts.length,
    bytes: inspected.bytes,
    members: inspected.members,
    findings: Object.fromEntries(
      SEVERITIES.map((severity) => [severity, counted.filter((finding) => finding.severity === severity).length]),
    ),
    suppressed: findings.length - counted.length,
    cut: inspected.cut,
  };
}

function groupByPath(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.location.path);
    if (group === undefined) groups.set(finding.location.path, [finding]);
    else group.push(finding);
  }
  return groups;
}
