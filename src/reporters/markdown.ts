import type { Report } from '../core/report.ts';
import { detailBlocks } from './markdown/details.ts';
import type { Reporter } from './reporter.ts';
import { countText, grouped } from './text/amounts.ts';
import { markdownCode, markdownProse, markdownText } from './text/markdown-text.ts';
import { groupFindings, type ReasonGroup, unsuppressed } from './text/ranking.ts';
import { completenessSentence, gateSentence, headline, scopeSentence, type Tone } from './text/summary.ts';
import { whereOf } from './text/where.ts';

/** Why: GitHub drops a whole step summary that is larger than 1 MiB. The rest is for what other steps have written to it. */
const MOST_BYTES = 1024 * 1024 - 64 * 1024;
const TOP_FINDINGS = 10;

const SIGNS: Readonly<Record<Tone, string>> = { good: '✅', warning: '⚠️', bad: '❌' };

/** The summary of a CI job: verdict, the worst findings, and every detail behind a fold, as far as one job summary can hold. */
export const markdown: Reporter = (report, rules) => {
  const groups = groupFindings(unsuppressed(report.findings), rules);
  const blocks = [titleBlock(report), verdictTable(report), topTable(groups), ...detailBlocks(report, groups)];
  return capped(blocks.filter((block) => block !== ''));
};

function titleBlock(report: Report): string {
  const { word, tone } = headline(report);
  return `## ${SIGNS[tone]} Cordon: ${word}\n\n${markdownText(gateSentence(report))}`;
}

function verdictTable(report: Report): string {
  return [
    '| Verdict | Read | Gate | Scanned |',
    '| --- | --- | --- | --- |',
    `| **${report.verdict}** | ${markdownText(completenessSentence(report))} | ${markdownText(report.gate.name)}: **${report.gate.effect}** | ${markdownText(scopeSentence(report))} |`,
  ].join('\n');
}

function topTable(groups: readonly ReasonGroup[]): string {
  if (groups.length === 0) return '';
  const rows = groups.slice(0, TOP_FINDINGS).map((group) => {
    const [first] = group.findings;
    const more = group.findings.length === 1 ? '' : ` and ${countText(group.findings.length - 1, 'more place')}`;
    const fix = first.fix === '' ? group.rule.fix : first.fix;
    return `| ${group.severity} | ${markdownText(first.message)} | ${markdownCode(whereOf(first.location))}${more} | ${markdownProse(fix)} |`;
  });
  const hidden = groups.length - rows.length;
  const rest = hidden > 0 ? `\n\n${countText(hidden, 'more reason')} below.` : '';
  return `### What to do\n\n| Severity | What | Where | Fix |\n| --- | --- | --- | --- |\n${rows.join('\n')}${rest}`;
}

/** As many whole blocks as fit, and a word on those that did not. */
function capped(blocks: readonly string[]): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const block of blocks) {
    bytes += Buffer.byteLength(block) + 2;
    if (bytes > MOST_BYTES) break;
    kept.push(block);
  }
  const cut = blocks.length - kept.length;
  const note = `> Cut: ${countText(cut, 'more section')} would exceed ${grouped(MOST_BYTES)} bytes. The JSON and SARIF reports have everything.`;
  return `${(cut === 0 ? kept : [...kept, note]).join('\n\n')}\n`;
}
