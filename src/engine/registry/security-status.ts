import type { Severity } from '../../core/severity.ts';
import type { FileDraft } from '../drafts.ts';
import type { RegistryContext } from './context.ts';
import type { ManifestEntry } from './manifest.ts';

/** What scanners said of one file. */
export interface FileSecurity {
  readonly path: string;
  readonly level: 'safe' | 'suspicious' | 'unsafe' | 'unscanned';
  /** What is wrong, worst first. */
  readonly findings: readonly { readonly rule: string; readonly severity: Severity; readonly message: string }[];
  /** Names that unpickling imports, as `module.name`. */
  readonly imports: readonly string[];
}

const KEYS_AT_ONCE = 5_000;
const RANK: Readonly<Record<Severity, number>> = { critical: 4, high: 3, medium: 2, low: 1, info: 0 };

/** The stored verdicts of these files: by the scanners of today, else by the newest that have seen them. Reads no bytes. */
export async function securityOf(
  context: RegistryContext,
  entries: readonly Pick<ManifestEntry, 'path' | 'sha256'>[],
): Promise<ReadonlyMap<string, FileSecurity>> {
  const { digest } = await context.scanners.ruleBook();
  const wanted = new Map(entries.map(({ path, sha256 }) => [path, sha256]));
  const found = new Map<string, FileSecurity>(
    entries.map(({ path }) => [path, { path, level: 'unscanned', findings: [], imports: [] } as const]),
  );
  const digests = [...new Set(entries.map(({ sha256 }) => sha256))];
  for (let from = 0; from < digests.length; from += KEYS_AT_ONCE) {
    const rows = await context.store.db
      .selectFrom('assessment')
      .select(['sha256', 'path', 'body', 'rules'])
      .where('sha256', 'in', digests.slice(from, from + KEYS_AT_ONCE))
      .orderBy('created_at')
      .execute();
    for (const row of rows.toSorted((a, b) => Number(a.rules === digest) - Number(b.rules === digest))) {
      if (wanted.get(row.path) === row.sha256) found.set(row.path, fileSecurity(row.path, JSON.parse(row.body) as FileDraft));
    }
  }
  return found;
}

function fileSecurity(path: string, { artifact, findings }: FileDraft): FileSecurity {
  const worst = findings.toSorted((a, b) => RANK[b.severity] - RANK[a.severity]);
  const rank = worst[0] === undefined ? 0 : RANK[worst[0].severity];
  const level = rank >= 3 ? 'unsafe' : rank === 2 || artifact.completeness !== 'complete' ? 'suspicious' : 'safe';
  const imports = artifact.facts.flatMap(({ name, value }) => (name === 'pickle.imports' && Array.isArray(value) ? value.map(String) : []));
  return {
    path,
    level,
    findings: worst.slice(0, 20).map(({ rule, severity, message }) => ({ rule, severity, message })),
    imports,
  };
}
