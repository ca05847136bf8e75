import { printable } from '../../core/printable.ts';
import { countText } from '../text/amounts.ts';
import type { ReasonGroup } from '../text/ranking.ts';
import { columnsOf, fit, wrap } from '../text/width.ts';
import { evidenceText } from '../text/evidence.ts';
import { whereOf } from '../text/where.ts';
import type { Paint } from './paint.ts';

const INDENT = '  ';
const LABEL_WIDTH = 7;

/** How much of a reason is written: the why on one line; the why whole; everything that is known. */
export type Detail = 'short' | 'whole' | 'all';

/** Why: a fix names paths, and a hostile path can be as long as it likes. */
const MOST_FIX_LINES = 4;

/** One reason: severity and what, where, why, and the fix. The fix is wrapped, not cut: half a command is of no use. */
export function reasonLines(group: ReasonGroup, detail: Detail, paint: Paint): string[] {
  const all = detail === 'all';
  const { rule, findings, severity } = group;
  const [first] = findings;
  const room = paint.width - INDENT.length - LABEL_WIDTH;
  const whys = detail === 'short' ? [fit(firstSentence(rule.why), room)] : wrap(all ? rule.why : firstSentence(rule.why), room);
  const fixes = wrap(printable(first.fix === '' ? rule.fix : first.fix), room).slice(0, all ? Infinity : MOST_FIX_LINES);
  return [
    ...titleLines(printable(first.message), severity, rule.id, all, paint),
    ...labelled('where', whereLines(group, all, room), paint),
    ...labelled('why', whys, paint),
    ...labelled('seen', all ? wrap(evidenceText(first.evidence), room) : [], paint),
    ...labelled('fix', fixes, paint),
    ...labelled('maps', all ? wrap(printable(first.maps.join(', ')), room) : [], paint),
  ];
}

function titleLines(message: string, severity: ReasonGroup['severity'], ruleId: string, all: boolean, paint: Paint): string[] {
  const badge = severity.toUpperCase();
  const room = paint.width - badge.length - 2;
  const head = `${paint.severity(severity, badge)}  `;
  if (all) {
    const [line = '', ...more] = wrap(`${message} [${ruleId}]`, room);
    return [`${head}${paint.strong(line)}`, ...more.map((text) => `${' '.repeat(badge.length + 2)}${paint.strong(text)}`)];
  }
  const gap = room - columnsOf(message) - ruleId.length;
  if (gap >= 2) return [`${head}${paint.strong(message)}${' '.repeat(gap)}${paint.quiet(ruleId)}`];
  return [`${head}${paint.strong(fit(message, room))}`];
}

function whereLines({ findings, files }: ReasonGroup, all: boolean, room: number): string[] {
  const places = findings.map((finding) => whereOf(finding.location));
  if (all) return places.flatMap((place) => wrap(place, room));
  const more = places.length - 1;
  if (more === 0) return [fit(places[0] ?? '', room, 'middle')];
  const rest = files > 1 ? ` and ${countText(more, 'more place')} in ${countText(files, 'file')}` : ` and ${countText(more, 'more place')}`;
  return [`${fit(places[0] ?? '', Math.max(10, room - rest.length), 'middle')}${rest}`];
}

function labelled(label: string, [first = '', ...more]: readonly string[], paint: Paint): string[] {
  if (first === '') return [];
  const margin = `${INDENT}${' '.repeat(LABEL_WIDTH)}`;
  return [`${INDENT}${paint.quiet(label.padEnd(LABEL_WIDTH))}${first}`, ...more.map((line) => `${margin}${line}`)];
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}
