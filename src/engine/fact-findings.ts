import type { Rule } from '../core/rule.ts';
import { FACT_JUDGES } from '../scanners/fact-judges.ts';
import type { FileDraft } from './drafts.ts';
import { type DraftFinding, findingOf } from './findings.ts';

/** Why: what a file of a thousand bad names says, it says with the first hundred. */
const FINDINGS_AT_MOST = 100;

/**
 * What the rules of today find in the facts of a file that was scanned by older ones. Why only more, never less: a finding is taken
 * back when the bytes were read again, not because a list has become shorter.
 */
export function factFindings({ artifact, findings }: FileDraft, rules: ReadonlyMap<string, Rule>): DraftFinding[] {
  const known = new Set(findings.map(({ key, location }) => `${location.member ?? ''} ${key}`));
  const added: DraftFinding[] = [];
  for (const { name, basis, member, value } of artifact.facts) {
    const judge = basis === 'measured' ? FACT_JUDGES.get(name) : undefined;
    if (judge === undefined) continue;
    for (const observation of judge(value)) {
      if (known.has(`${member ?? ''} ${observation.key}`) || added.length >= FINDINGS_AT_MOST) continue;
      const members = member === undefined ? [] : member.split('!');
      added.push(findingOf({ ...observation, members }, artifact.path, artifact.sha256, rules));
    }
  }
  return added;
}
