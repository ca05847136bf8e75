import { SEVERITIES, type Severity } from '../../core/severity.ts';
import { countText } from '../text/amounts.ts';
import { evidenceEntries } from '../text/evidence.ts';
import type { ReasonGroup } from '../text/ranking.ts';
import { whereOf } from '../text/where.ts';
import { h, type Html, prose } from './element.ts';

/** Places of one reason that are listed; the rest is counted. Why: a page of 100,000 places opens in no browser. */
const MOST_PLACES = 200;
/** Reasons written out; worst first. */
const MOST_REASONS = 2_000;

/** One section for each severity that has findings, worst first: what the links at the top lead to. */
export function findingSections(groups: readonly ReasonGroup[]): Html[] {
  const shown = groups.slice(0, MOST_REASONS);
  const sections = SEVERITIES.toReversed().flatMap((severity) => {
    const own = shown.filter((group) => group.severity === severity);
    return own.length === 0 ? [] : [severitySection(severity, own)];
  });
  const hidden = groups.length - shown.length;
  const rest = h`<p>${countText(hidden, 'more reason')} of the lowest severity left out; the JSON report has them all.</p>`;
  return hidden === 0 ? sections : [...sections, rest];
}

function severitySection(severity: Severity, groups: readonly ReasonGroup[]): Html {
  const title = severity.charAt(0).toUpperCase() + severity.slice(1);
  const count = groups.reduce((sum, group) => sum + group.findings.length, 0);
  return h`<section id="${severity}" aria-labelledby="h-${severity}">
<h2 id="h-${severity}">${title} <span class="count">${countText(count, 'finding')}</span></h2>
${groups.map(findingDetails)}</section>
`;
}

function findingDetails({ rule, severity, findings }: ReasonGroup, index: number): Html {
  const [first] = findings;
  const more = findings.length === 1 ? '' : ` and ${countText(findings.length - 1, 'more place')}`;
  const open = index === 0 && (severity === 'critical' || severity === 'high') ? h` open` : h``;
  return h`<details class="finding"${open}>
<summary><span class="badge ${severity}">${severity}</span> <span class="what">${first.message}</span> <span class="where"><code>${whereOf(first.location)}</code>${more}</span></summary>
<div class="body">
<div><p class="label">Why</p><p>${prose(rule.why)}</p></div>
${fixBlock(first.fix === '' ? rule.fix : first.fix)}${evidenceBlock(first.evidence)}${placesBlock(findings)}<p class="maps">Rule <code>${rule.id}</code>${first.maps.length === 0 ? '' : ` · ${first.maps.join(' · ')}`}${first.baseline === undefined ? '' : ` · ${first.baseline} against the baseline`}</p>
</div>
</details>
`;
}

function fixBlock(fix: string): Html {
  if (fix === '') return h``;
  const body = fix.startsWith('cordon ') ? h`<pre>${fix}</pre>` : h`<p>${prose(fix)}</p>`;
  return h`<div class="fix"><p class="label">Fix</p>${body}</div>\n`;
}

function evidenceBlock(evidence: Parameters<typeof evidenceEntries>[0]): Html {
  const entries = evidenceEntries(evidence);
  if (entries.length === 0) return h``;
  const rows = entries.map(([name, value]) => h`<dt>${name}</dt><dd><code>${value}</code></dd>`);
  return h`<div><p class="label">Evidence</p><dl class="evidence">${rows}</dl></div>\n`;
}

function placesBlock(findings: ReasonGroup['findings']): Html {
  if (findings.length === 1) return h``;
  const items = findings.slice(0, MOST_PLACES).map((finding) => h`<li><code>${whereOf(finding.location)}</code></li>`);
  const hidden = findings.length - items.length;
  return h`<div><p class="label">${countText(findings.length, 'place')}</p><ul>${items}${hidden === 0 ? h`` : h`<li>and ${countText(hidden, 'more place')}</li>`}</ul></div>\n`;
}
