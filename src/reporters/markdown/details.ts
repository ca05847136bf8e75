import type { Report } from '../../core/report.ts';
import { countText } from '../text/amounts.ts';
import { evidenceText } from '../text/evidence.ts';
import { markdownCode, markdownProse, markdownText } from '../text/markdown-text.ts';
import { notesOf } from '../text/notes.ts';
import type { ReasonGroup } from '../text/ranking.ts';
import { whereOf } from '../text/where.ts';

/** Places of one reason listed before the rest is only counted. */
const MOST_PLACES = 50;
/** Lines of one kind of note listed before the rest is only counted. */
const MOST_LINES = 200;

/** What a reader unfolds: the notes, the reasons of the gate, then each reason with all that is known of it. */
export function detailBlocks(report: Report, groups: readonly ReasonGroup[]): string[] {
  const notes = notesOf(report, true).map(({ label, lines, loud }) => {
    const shown = lines.slice(0, MOST_LINES).map((line) => `- ${markdownText(line)}`);
    return fold(`${loud ? '⚠️ ' : ''}${label} (${lines.length})`, withRest(shown, lines.length, 'line'));
  });
  const reasons = report.gate.reasons.map(({ effect, id, message, inputs }) => {
    const because = inputs.length === 0 ? '' : `: ${inputs.slice(0, MOST_PLACES).map(markdownCode).join(', ')}`;
    return `- **${effect}** ${markdownCode(id)} ${markdownText(message)}${because}`;
  });
  const gate = reasons.length === 0 ? [] : [fold(`Why the gate decides so (${reasons.length})`, reasons)];
  return [...notes, ...gate, ...groups.map(reasonBlock)];
}

function reasonBlock({ rule, severity, findings }: ReasonGroup): string {
  const [first] = findings;
  const places = findings.slice(0, MOST_PLACES).map((finding) => `  - ${markdownCode(whereOf(finding.location))}`);
  const seen = evidenceText(first.evidence);
  const fix = first.fix === '' ? rule.fix : first.fix;
  return fold(`${severity}: ${markdownText(first.message)}`, [
    `- Rule: ${markdownCode(rule.id)} ${markdownText(rule.title)}`,
    `- Why: ${markdownProse(rule.why)}`,
    ...(fix === '' ? [] : [`- Fix: ${markdownProse(fix)}`]),
    ...(seen === '' ? [] : [`- Seen: ${markdownCode(seen)}`]),
    ...(first.maps.length === 0 ? [] : [`- Maps: ${markdownText(first.maps.join(', '))}`]),
    `- Where:`,
    ...withRest(places, findings.length, 'place'),
  ]);
}

function withRest(shown: readonly string[], total: number, noun: string): string[] {
  return total > shown.length ? [...shown, `- and ${countText(total - shown.length, `more ${noun}`)}`] : [...shown];
}

/** `summary` is already Markdown. */
function fold(summary: string, lines: readonly string[]): string {
  return `<details><summary>${summary}</summary>\n\n${lines.join('\n')}\n\n</details>`;
}
