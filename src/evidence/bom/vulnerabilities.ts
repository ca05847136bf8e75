import type { Finding } from '../../core/finding.ts';
import type { Vulnerability } from './bill.ts';

const CVE = /^(?:cve:)?(CVE-\d{4}-\d{4,})$/i;

/** Findings whose rule stands for a published vulnerability, by its number. */
export function vulnerabilitiesOf(findings: readonly Finding[]): Vulnerability[] {
  const byId = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const map of finding.maps) {
      const id = CVE.exec(map)?.[1]?.toUpperCase();
      if (id === undefined) continue;
      const known = byId.get(id);
      if (known === undefined) byId.set(id, [finding]);
      else known.push(finding);
    }
  }
  return [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, own]) => ({ id, findings: own }));
}
