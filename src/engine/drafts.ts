import type { Artifact } from '../core/artifact.ts';
import type { PluginStatus } from '../core/report.ts';
import type { Rule } from '../core/rule.ts';
import type { Completeness } from '../core/verdict.ts';
import { type DraftFinding, findingOf } from './findings.ts';
import type { Sighting } from './inspect-file.ts';
import type { FailedResult, FileResult, TreeJobEntry, TreeResult } from './jobs.ts';
import type { EngineRuleId } from './rules.ts';

/** An artifact that has no verdict yet: that depends on waivers. */
export type DraftArtifact = Omit<Artifact, 'verdict' | 'findings'>;

/** What scanning one file came to, before waivers and gate. */
export interface FileDraft {
  readonly artifact: DraftArtifact;
  readonly findings: readonly DraftFinding[];
  readonly plugins: readonly PluginStatus[];
  readonly members: number;
  /** Findings left out because a limit was reached. */
  readonly cut: number;
}

/** What reasoning across the files of a folder came to. */
export interface TreeDraft {
  readonly completeness: Completeness;
  readonly findings: readonly DraftFinding[];
  readonly plugins: readonly PluginStatus[];
}

type Rules = ReadonlyMap<string, Rule>;

const RULE_OF_FAILURE: Readonly<Record<FailedResult['cause'], EngineRuleId>> = {
  unreadable: 'engine.unreadable',
  timeout: 'engine.timeout',
  memory: 'engine.timeout',
  crash: 'engine.scanner-failed',
};

/** The draft of a file that a worker answered for. */
export function fileDraft(result: FileResult | FailedResult, path: string, size: number, rules: Rules): FileDraft {
  if (result.kind === 'failed') return unreadDraft(path, RULE_OF_FAILURE[result.cause], result.message, rules, { size });
  const { inspection, sha256 } = result;
  return {
    artifact: {
      path,
      sha256,
      size: result.size,
      format: inspection.format,
      completeness: inspection.completeness,
      reasons: [...inspection.reasons],
      facts: [...inspection.facts],
    },
    findings: inspection.sightings.map((sighting) => findingOf(sighting, path, sha256, rules)),
    plugins: inspection.plugins,
    members: inspection.members,
    cut: inspection.cut,
  };
}

/** A file that has no content to judge: in the report all the same, and never clean. */
export function unreadDraft(
  path: string,
  rule: EngineRuleId,
  message: string,
  rules: Rules,
  known: { readonly size?: number; readonly fix?: string } = {},
): FileDraft {
  const { size = null, fix } = known;
  const sighting: Sighting = { rule, key: 'engine', message, members: [], ...(fix !== undefined && { fix }) };
  const completeness: Completeness = rule === 'engine.unreadable' || size === null ? 'not-scanned' : 'inconclusive';
  return {
    artifact: { path, sha256: null, size, format: 'unknown', completeness, reasons: [message], facts: [] },
    findings: [findingOf(sighting, path, null, rules)],
    plugins: [],
    members: 0,
    cut: 0,
  };
}

/** The draft of a folder whose files have been scanned. `prefix` is the path of the folder, empty for the root. */
export function treeDraft(
  result: TreeResult | FailedResult,
  prefix: string,
  digestOf: (path: string) => string | null,
  rules: Rules,
): TreeDraft {
  if (result.kind === 'failed') {
    const sighting: Sighting = {
      rule: RULE_OF_FAILURE[result.cause],
      key: 'tree',
      message: `reasoning across files: ${result.message}`,
      members: [],
    };
    return { completeness: 'inconclusive', findings: [findingOf(sighting, prefix || '.', null, rules)], plugins: [] };
  }
  const { inspection } = result;
  const at = prefix === '' ? '' : `${prefix}/`;
  const findings = inspection.observations.map((observation) => {
    const path = observation.at?.path === undefined ? prefix || '.' : `${at}${observation.at.path}`;
    return findingOf({ ...observation, members: [] }, path, digestOf(path), rules);
  });
  return { completeness: inspection.completeness, findings, plugins: inspection.plugins };
}

/** A scanned file as scanners of whole folders see it. */
export function treeEntry(artifact: DraftArtifact, path: string, content: TreeJobEntry['content'], size: number): TreeJobEntry {
  const { format, sha256, facts } = artifact;
  return { path, content, size, format: format as TreeJobEntry['format'], sha256, facts };
}
