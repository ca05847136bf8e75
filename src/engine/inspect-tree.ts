import type { Fact, Json } from '../core/artifact.ts';
import { Budget, Limits } from '../core/budget.ts';
import { errorMessage } from '../core/errors.ts';
import type { Observation } from '../core/finding.ts';
import type { FileScanner, ScanContext, TreeScanner } from '../core/plugin.ts';
import type { PluginStatus } from '../core/report.ts';
import type { TreeSubject } from '../core/subject.ts';
import { type Completeness, lesserCompleteness } from '../core/verdict.ts';
import { bufferSource } from '../formats/bytes/source.ts';
import { inspectFile } from './inspect-file.ts';

/** An observation of a tree scanner: its `path` says which file it is about. */
export interface TreeInspection {
  readonly observations: readonly Observation[];
  readonly facts: readonly Fact[];
  readonly completeness: Completeness;
  readonly reasons: readonly string[];
  readonly plugins: readonly PluginStatus[];
}

/** Runs the tree scanners over what is known of a folder. Never throws. */
export function inspectWhole(tree: TreeSubject, scanners: readonly TreeScanner[], budget: Budget): TreeInspection {
  const observations: Observation[] = [];
  const facts: Fact[] = [];
  const reasons: string[] = [];
  const plugins: PluginStatus[] = [];
  let completeness: Completeness = 'complete';
  const lessen = (to: Completeness, reason: string): void => {
    completeness = lesserCompleteness(completeness, to);
    reasons.push(reason);
  };
  const context: ScanContext = {
    budget,
    fact: (name: string, value: Json, basis: 'measured' | 'declared' = 'measured') =>
      facts.push({ name, basis, value: value as Fact['value'] }),
    descend: () => {
      throw new Error('a tree scanner has no members to descend into');
    },
    inconclusive: (reason) => lessen('inconclusive', reason),
    notScanned: (reason) => lessen('not-scanned', reason),
  };
  for (const scanner of scanners) {
    try {
      if (!scanner.accepts(tree)) continue;
      for (const observation of scanner.inspect(tree, context)) observations.push(observation);
      plugins.push({ id: scanner.id, status: 'succeeded' });
    } catch (error) {
      lessen('inconclusive', `${scanner.id}: ${errorMessage(error)}`);
      plugins.push({ id: scanner.id, status: 'failed', reason: errorMessage(error) });
      observations.push({ rule: 'engine.scanner-failed', key: scanner.id, message: `${scanner.id}: ${errorMessage(error)}` });
    }
  }
  return { observations, facts, completeness, reasons, plugins };
}

/** Scans a folder held in memory, in this thread: what fixture tests and embedders without files use. */
export function inspectTree(
  files: Readonly<Record<string, Uint8Array | string>>,
  fileScanners: readonly FileScanner[],
  treeScanners: readonly TreeScanner[],
): { observations: readonly Observation[]; facts: readonly Fact[]; completeness: Completeness } {
  const limits = Limits.parse({});
  const contents = new Map(
    Object.entries(files).map(([path, content]) => [path, typeof content === 'string' ? Buffer.from(content) : content]),
  );
  const inspected = [...contents]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => ({ path, bytes, result: inspectFile(path, bufferSource(bytes), fileScanners, new Budget(limits)) }));
  const tree: TreeSubject = {
    entries: inspected.map(({ path, bytes, result }) => ({
      path,
      size: bytes.length,
      format: result.format,
      sha256: null,
      facts: result.facts,
    })),
    text: (path) => {
      const bytes = contents.get(path);
      return bytes && new TextDecoder().decode(bytes);
    },
  };
  const whole = inspectWhole(tree, treeScanners, new Budget(limits));
  return {
    observations: [...inspected.flatMap(({ result }) => result.sightings), ...whole.observations],
    facts: [...inspected.flatMap(({ result }) => result.facts), ...whole.facts],
    completeness: [...inspected.map(({ result }) => result.completeness), whole.completeness].reduce(lesserCompleteness),
  };
}
