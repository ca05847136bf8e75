import { lesserCompleteness } from '../../core/verdict.ts';
import { type FileDraft, fileDraft, type TreeDraft, treeDraft, treeEntry, unreadDraft } from '../drafts.ts';
import type { Found } from '../judge.ts';
import { mergePlugins } from '../plugin-status.ts';
import type { RuleBook } from '../inspect-paths.ts';
import type { RegistryContext } from './context.ts';
import { InFlight } from './in-flight.ts';
import { loadManifest, type ManifestEntry } from './manifest.ts';
import type { Scanners } from './scanners.ts';

/** What is known of a sealed set of files. */
export interface Assessed extends Found {
  readonly entries: readonly ManifestEntry[];
  /** Digest of the rules that looked. */
  readonly rules: string;
}

/** Path under which what concerns the whole set is kept: no file can have it. */
export const WHOLE = '';
/** How long a scan that failed is not tried again. Why at all: a file that always does would cost its whole time at every turn. */
const FAILURE_MS = 60 * 60 * 1_000;
/** Values of one `in (...)`. */
const KEYS_AT_ONCE = 5_000;

/**
 * What scanners say of every file of a manifest and of all together. What was scanned before under the same rules and the same
 * path is not read again.
 */
export async function assess(context: RegistryContext, manifest: string): Promise<Assessed> {
  return assessFiles(context, manifest, await loadManifest(context.store.db, manifest));
}

/** The same of files that are no stored manifest; `manifest` is the digest that they would have. */
export async function assessFiles(context: RegistryContext, manifest: string, entries: readonly ManifestEntry[]): Promise<Assessed> {
  const ruleBook = await context.scanners.ruleBook();
  const known = await knownDrafts(context, entries, ruleBook.digest);
  const drafts = await Promise.all(entries.map((entry) => known.get(keyOf(entry)) ?? scanOnce(context, entry, ruleBook)));
  const tree = await assessTree(context, manifest, drafts, ruleBook);
  return found(entries, drafts, tree, ruleBook.digest);
}

/** The same from what is stored alone; undefined when some file was never scanned under these rules. Reads no bytes. */
export async function assessedBefore(context: RegistryContext, manifest: string, rules: string): Promise<Assessed | undefined> {
  const entries = await loadManifest(context.store.db, manifest);
  const known = await knownDrafts(context, entries, rules);
  const drafts = entries.map((entry) => known.get(keyOf(entry)));
  const tree = await knownTree(context, manifest, rules);
  if (tree === undefined || !drafts.every((draft) => draft !== undefined)) return undefined;
  return found(entries, drafts, tree, rules);
}

/** Puts together what is known of the files and of all together. */
export function found(entries: readonly ManifestEntry[], drafts: readonly FileDraft[], tree: TreeDraft, rules: string): Assessed {
  return {
    entries,
    rules,
    artifacts: drafts.map(({ artifact }) => artifact),
    findings: [...drafts.flatMap(({ findings }) => findings), ...tree.findings],
    plugins: mergePlugins([...drafts.flatMap(({ plugins }) => plugins), ...tree.plugins]),
    completeness: drafts.reduce((worst, { artifact }) => lesserCompleteness(worst, artifact.completeness), tree.completeness),
    members: drafts.reduce((sum, { members }) => sum + members, 0),
    cut: drafts.reduce((sum, { cut }) => sum + cut, 0),
    bytes: entries.reduce((sum, { size }) => sum + size, 0),
  };
}

function keyOf({ sha256, path }: Pick<ManifestEntry, 'sha256' | 'path'>): string {
  return `${sha256} ${path}`;
}

async function knownDrafts(
  context: RegistryContext,
  entries: readonly ManifestEntry[],
  rules: string,
): Promise<ReadonlyMap<string, FileDraft>> {
  const known = new Map<string, FileDraft>();
  const wanted = new Set(entries.map(keyOf));
  const digests = [...new Set(entries.map(({ sha256 }) => sha256))];
  for (let from = 0; from < digests.length; from += KEYS_AT_ONCE) {
    const rows = await context.store.db
      .selectFrom('assessment')
      .select(['sha256', 'path', 'body', 'created_at'])
      .where('rules', '=', rules)
      .where('sha256', 'in', digests.slice(from, from + KEYS_AT_ONCE))
      .execute();
    for (const row of rows) {
      if (!wanted.has(keyOf(row))) continue;
      const draft = JSON.parse(row.body) as FileDraft;
      if (!hasFailed(draft) || row.created_at > context.now() - FAILURE_MS) known.set(keyOf(row), draft);
    }
  }
  return known;
}

/** Whether a scan ended without having seen the file: it took too long, or the scanner died. */
function hasFailed({ artifact }: FileDraft): boolean {
  return artifact.sha256 === null;
}

/** Scans under way. Why weak: they end with the registry they run in. */
const scans = new WeakMap<Scanners, InFlight<string, FileDraft>>();

/** Why once: an upload is scanned ahead while its reader asks already. */
function scanOnce(context: RegistryContext, entry: ManifestEntry, ruleBook: RuleBook): Promise<FileDraft> {
  const underWay = scans.get(context.scanners) ?? new InFlight<string, FileDraft>();
  scans.set(context.scanners, underWay);
  return underWay.once(keyOf(entry), () => scanBlob(context, entry, ruleBook));
}

/** Has one file scanned unless the scanners of today have seen it. False: they had. */
export async function scanEntry(context: RegistryContext, entry: ManifestEntry, ruleBook: RuleBook): Promise<boolean> {
  if ((await knownDrafts(context, [entry], ruleBook.digest)).size > 0) return false;
  await scanOnce(context, entry, ruleBook);
  return true;
}

/** Scans one blob where it lies and keeps what was found. */
async function scanBlob(context: RegistryContext, entry: ManifestEntry, ruleBook: RuleBook): Promise<FileDraft> {
  const { path, sha256, size } = entry;
  const draft = await inspectBlob(context, entry, ruleBook);
  // Why only what was read: a full disk or a busy machine today must not stand for the file tomorrow.
  if (draft.artifact.completeness === 'not-scanned') return draft;
  const said = {
    format: draft.artifact.format,
    completeness: draft.artifact.completeness,
    body: JSON.stringify(draft),
    created_at: context.now(),
  };
  await context.store.db
    .insertInto('assessment')
    .values({ sha256, path, rules: ruleBook.digest, ...said })
    .onConflict((conflict) => conflict.columns(['sha256', 'path', 'rules']).doUpdateSet(said))
    .execute();
  context.log.info({ path, size, format: draft.artifact.format, findings: draft.findings.length }, 'scanned');
  return draft;
}

async function inspectBlob(context: RegistryContext, entry: ManifestEntry, { rules }: RuleBook): Promise<FileDraft> {
  const { path, sha256, size } = entry;
  let absolute: string;
  try {
    absolute = await context.blobs.localPath(sha256);
  } catch (error) {
    context.log.error({ path, sha256, error }, 'blob cannot be read for scanning');
    return unreadDraft(path, 'engine.unreadable', 'the stored file cannot be read', rules);
  }
  const { limits } = context.scanners;
  // Why no hash: the store names it by its digest, verified when it came in.
  const job = { kind: 'file', path, content: { kind: 'local', absolute }, limits, hash: false, cache: undefined } as const;
  const result = await context.scanners.run(job, size);
  if (result.kind === 'file') return fileDraft({ ...result, sha256 }, path, size, rules);
  if (result.kind === 'failed') return fileDraft(result, path, size, rules);
  return unreadDraft(path, 'engine.scanner-failed', 'the scanner gave no answer', rules);
}

async function knownTree(context: RegistryContext, manifest: string, rules: string): Promise<TreeDraft | undefined> {
  const row = await context.store.db
    .selectFrom('assessment')
    .select('body')
    .where('sha256', '=', manifest)
    .where('path', '=', WHOLE)
    .where('rules', '=', rules)
    .executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.body) as TreeDraft);
}

async function assessTree(
  context: RegistryContext,
  manifest: string,
  drafts: readonly FileDraft[],
  ruleBook: RuleBook,
): Promise<TreeDraft> {
  const known = await knownTree(context, manifest, ruleBook.digest);
  if (known !== undefined) return known;
  const entries = await Promise.all(
    drafts.map(async ({ artifact }) => {
      const { path, sha256, size } = artifact;
      // Why: only small text is read again, and only by scanners that ask for it.
      const isReadable = sha256 !== null && (size ?? 0) <= context.scanners.limits.buffer;
      const content = isReadable ? ({ kind: 'local', absolute: await context.blobs.localPath(sha256) } as const) : undefined;
      return treeEntry(artifact, path, content, size ?? 0);
    }),
  );
  const result = await context.scanners.run({ kind: 'tree', entries, limits: context.scanners.limits }, 0);
  const digests = new Map(drafts.map(({ artifact }) => [artifact.path, artifact.sha256]));
  if (result.kind !== 'tree' && result.kind !== 'failed') throw new Error('the scanner of folders gave no answer');
  const draft = treeDraft(result, '', (path) => digests.get(path) ?? null, ruleBook.rules);
  // Why not kept: with that file it may say something else, and nothing would ask again.
  if (result.kind === 'failed' || drafts.some(hasFailed)) return draft;
  await context.store.db
    .insertInto('assessment')
    .values({
      sha256: manifest,
      path: WHOLE,
      rules: ruleBook.digest,
      format: '',
      completeness: draft.completeness,
      body: JSON.stringify(draft),
      created_at: context.now(),
    })
    .onConflict((conflict) => conflict.columns(['sha256', 'path', 'rules']).doNothing())
    .execute();
  return draft;
}
