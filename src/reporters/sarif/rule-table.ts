import type { ReportingDescriptor } from 'sarif';
import type { Report } from '../../core/report.ts';
import type { Rule } from '../../core/rule.ts';
import type { Severity } from '../../core/severity.ts';
import { ruleOf } from '../text/ranking.ts';
import { compareText } from '../text/where.ts';

/** What code scanning services show of the tags of a rule. Why: GitHub shows 10 of at most 20. */
const MOST_TAGS = 10;

/** Scores in the bands GitHub reads them by: over 9.0 critical, 7.0 high, 4.0 medium, 0.1 low. */
const SCORES: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', info: '0.0' };

/** SARIF level of a severity. */
export function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'medium' ? 'warning' : 'note';
}

/** The rules that fired, sorted by id, each with its whole help. */
export function ruleTable(findings: Report['findings'], rules: ReadonlyMap<string, Rule>): ReportingDescriptor[] {
  const ids = [...new Set(findings.map((finding) => finding.rule))].toSorted(compareText);
  return ids.map((id) => describe(ruleOf(id, rules)));
}

function describe(rule: Rule): ReportingDescriptor {
  const fix = rule.fix === '' ? [] : [`Fix: ${rule.fix}`];
  const maps = rule.maps.length === 0 ? [] : [`See also: ${rule.maps.join(', ')}`];
  return {
    id: rule.id,
    name: pascalCase(rule.id),
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why },
    help: {
      text: [rule.why, ...fix, ...maps].join('\n\n'),
      markdown: [`**${rule.title}**`, rule.why, ...fix.map((text) => text.replace('Fix:', '**Fix:**')), ...maps].join('\n\n'),
    },
    defaultConfiguration: { level: levelOf(rule.severity) },
    properties: {
      'security-severity': SCORES[rule.severity],
      'problem.severity': levelOf(rule.severity) === 'note' ? 'recommendation' : levelOf(rule.severity),
      precision: 'high',
      tags: ['security', ...rule.maps.map(tagOf)].slice(0, MOST_TAGS),
    },
  };
}

/** `CWE-502` in the spelling code scanning services group by; every other identifier as it is. */
function tagOf(map: string): string {
  return map.startsWith('CWE-') ? `external/cwe/${map.toLowerCase()}` : map;
}

function pascalCase(id: string): string {
  return id
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
