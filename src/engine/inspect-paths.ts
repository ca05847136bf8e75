import type { Limits } from '../core/budget.ts';
import { CordonError } from '../core/errors.ts';
import type { PluginStatus } from '../core/report.ts';
import type { Rule } from '../core/rule.ts';
import { lesserCompleteness, type Completeness } from '../core/verdict.ts';
import { type DraftArtifact, type FileDraft, fileDraft, treeDraft, treeEntry, unreadDraft } from './drafts.ts';
import type { DraftFinding } from './findings.ts';
import type { FileJob, JobResult, TreeJobEntry } from './jobs.ts';
import { mergePlugins } from './plugin-status.ts';
import { RemoteQueue } from './remote/remote-queue.ts';
import type { RemoteFile } from './remote/remote-file.ts';
import type { EngineRuleId } from './rules.ts';
import { type Walked, walk } from './walk.ts';
import { WorkerPool } from './worker-pool.ts';

/** What the caller learns while a scan runs. */
export interface ScanProgress {
  readonly files: number;
  readonly done: number;
  readonly bytes: number;
  readonly bytesDone: number;
  /** The file just finished. */
  readonly path: string;
}

export interface InspectOptions {
  readonly limits: Limits;
  readonly hash: boolean;
  readonly cache: string | undefined;
  readonly jobs: number | undefined;
  readonly onProgress: ((progress: ScanProgress) => void) | undefined;
  readonly remotes: readonly RemoteFile[];
  /** Workers that were started ahead; closed at the end like own ones. */
  readonly workers: WorkerPool | undefined;
}

/** Everything that was found, before waivers, baseline and gate. */
export interface Inspected {
  readonly walked: Walked;
  readonly artifacts: readonly DraftArtifact[];
  readonly findings: readonly DraftFinding[];
  readonly plugins: readonly PluginStatus[];
  readonly completeness: Completeness;
  readonly members: number;
  readonly cut: number;
  readonly bytes: number;
  readonly ruleBook: RuleBook;
}

/** How long a worker may take to start on a busy machine. */
const START_MS = 60_000;
/** How much longer a file may take whose every range is a round trip. */
const REMOTE_PATIENCE = 5;
const REMOTE_FIX = 'Check the address and the network, or download the file and scan that.';

const RULE_OF_OBSTACLE = {
  'outside-link': 'engine.outside-link',
  'special-file': 'engine.special-file',
  unreadable: 'engine.unreadable',
} as const satisfies Record<string, EngineRuleId>;

/** Inspects every file below the given paths and every remote file in worker threads, then each folder as a whole. */
export async function inspectPaths(paths: readonly string[], options: InspectOptions): Promise<Inspected> {
  const pool = options.workers ?? new WorkerPool(options.jobs);
  try {
    const rules = askForRules(pool, options.limits);
    const walked = walk(paths);
    return await new Gathering(walked, options, pool, await rules).run();
  } finally {
    await pool.close();
  }
}

/** The rules of this build and their digest. */
export interface RuleBook {
  readonly rules: ReadonlyMap<string, Rule>;
  readonly digest: string;
}

/** Asks a worker for the rules of this build. */
export async function askForRules(pool: WorkerPool, limits: Limits): Promise<RuleBook> {
  // Why a time of its own: this job also waits for the worker to load, which no limit of a file is meant for.
  const result = await pool.run({ kind: 'rules', id: -1, limits: { ...limits, timeMs: START_MS } }, 0);
  if (result.kind !== 'rules')
    throw new CordonError('internal.bug', `workers do not start${result.kind === 'failed' ? `: ${result.message}` : ''}`);
  return { rules: new Map(result.rules.map((rule) => [rule.id, rule])), digest: result.digest };
}

/** Accumulates results as they come; order is restored by sorting at the end. */
class Gathering {
  readonly #walked: Walked;
  readonly #options: InspectOptions;
  readonly #pool: WorkerPool;
  readonly #ruleBook: RuleBook;
  readonly #artifacts: DraftArtifact[] = [];
  readonly #findings: DraftFinding[] = [];
  readonly #plugins: PluginStatus[] = [];
  #completeness: Completeness = 'complete';
  #members = 0;
  #cut = 0;
  #done = 0;
  #bytesDone = 0;
  #nextId = 0;
  #bytes: number;
  readonly #remotes = new RemoteQueue();

  constructor(walked: Walked, options: InspectOptions, pool: WorkerPool, ruleBook: RuleBook) {
    this.#ruleBook = ruleBook;
    this.#walked = walked;
    this.#options = options;
    this.#pool = pool;
    this.#bytes = walked.files.reduce((sum, file) => sum + file.size, 0);
  }

  async run(): Promise<Inspected> {
    for (const { kind, path, message } of this.#walked.obstacles)
      this.#add(unreadDraft(path, RULE_OF_OBSTACLE[kind], message, this.#ruleBook.rules));
    const local = this.#walked.files.map((file) => this.#scan(file.path, file.size, { kind: 'local', absolute: file.absolute }));
    const remote = this.#remotes.each(this.#options.remotes, (file) => this.#scanRemote(file));
    await Promise.all([...local, remote]);
    for (const [index, root] of this.#walked.roots.entries())
      if (root.directory) await this.#inspectTree(root.prefix, this.#localEntries(index, root.prefix));
    for (const folder of new Set(this.#options.remotes.map((file) => file.folder)))
      if (folder !== '') await this.#inspectTree(folder, this.#remoteEntries(folder));
    const bySpelling = (a: DraftArtifact, b: DraftArtifact): number => (a.path < b.path ? -1 : Number(a.path > b.path));
    return {
      walked: this.#walked,
      artifacts: this.#artifacts.toSorted(bySpelling),
      findings: this.#findings,
      plugins: mergePlugins(this.#plugins),
      completeness: this.#artifacts.map((artifact) => artifact.completeness).reduce(lesserCompleteness, this.#completeness),
      members: this.#members,
      cut: this.#cut,
      bytes: this.#bytesDone,
      ruleBook: this.#ruleBook,
    };
  }

  async #scanRemote(file: RemoteFile): Promise<void> {
    const opened = await this.#remotes.open(file);
    if ('reason' in opened) {
      this.#done++;
      return this.#add(unreadDraft(file.path, 'engine.unreadable', opened.reason, this.#ruleBook.rules, { fix: REMOTE_FIX }));
    }
    this.#bytes += opened.size;
    return this.#scan(file.path, opened.size, opened.content);
  }

  async #scan(path: string, size: number, content: FileJob['content']): Promise<void> {
    const { limits, hash, cache } = this.#options;
    // Why: hashing a remote file means fetching all of it.
    const isRemote = content.kind === 'remote';
    const allowed = isRemote ? { ...limits, timeMs: limits.timeMs * REMOTE_PATIENCE } : limits;
    const result = await this.#pool.run(
      { kind: 'file', id: this.#nextId++, path, content, limits: allowed, hash: hash && !isRemote, cache },
      size,
    );
    this.#done++;
    this.#bytesDone += size;
    this.#keep(path, size, result);
    this.#options.onProgress?.({
      files: this.#walked.files.length + this.#options.remotes.length,
      done: this.#done,
      bytes: this.#bytes,
      bytesDone: this.#bytesDone,
      path,
    });
  }

  #keep(path: string, size: number, result: JobResult): void {
    if (result.kind === 'file' || result.kind === 'failed') this.#add(fileDraft(result, path, size, this.#ruleBook.rules));
  }

  #add(draft: FileDraft): void {
    this.#artifacts.push(draft.artifact);
    this.#findings.push(...draft.findings);
    this.#plugins.push(...draft.plugins);
    this.#members += draft.members;
    this.#cut += draft.cut;
  }

  async #inspectTree(prefix: string, entries: readonly TreeJobEntry[]): Promise<void> {
    const result = await this.#pool.run({ kind: 'tree', id: this.#nextId++, entries, limits: this.#options.limits }, 0);
    if (result.kind !== 'tree' && result.kind !== 'failed') return;
    const digestOf = (path: string): string | null => this.#artifacts.find((artifact) => artifact.path === path)?.sha256 ?? null;
    const draft = treeDraft(result, prefix, digestOf, this.#ruleBook.rules);
    this.#completeness = lesserCompleteness(this.#completeness, draft.completeness);
    this.#findings.push(...draft.findings);
    this.#plugins.push(...draft.plugins);
  }

  #localEntries(root: number, prefix: string): TreeJobEntry[] {
    const files = this.#walked.files.filter((file) => file.root === root);
    return this.#entries(
      files.map(({ path, size, absolute }) => ({ path, size, content: { kind: 'local', absolute } })),
      prefix,
    );
  }

  #remoteEntries(folder: string): TreeJobEntry[] {
    return this.#entries(this.#remotes.opened(folder), folder);
  }

  #entries(files: readonly Pick<TreeJobEntry, 'path' | 'size' | 'content'>[], prefix: string): TreeJobEntry[] {
    const byPath = new Map(this.#artifacts.map((artifact) => [artifact.path, artifact]));
    const cut = prefix === '' ? 0 : prefix.length + 1;
    return files.flatMap(({ path, size, content }) => {
      const artifact = byPath.get(path);
      if (artifact === undefined) return [];
      return [treeEntry(artifact, path.slice(cut), content, size)];
    });
  }
}
