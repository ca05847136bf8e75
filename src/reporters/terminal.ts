import picocolors from 'picocolors';
import { severityRank } from '../core/severity.ts';
import type { Reporter } from './reporter.ts';
import { closingLines, headerLines, noteLines } from './terminal/frame.ts';
import { type Paint, paintWith } from './terminal/paint.ts';
import { reasonLines } from './terminal/reason.ts';
import { notesOf } from './text/notes.ts';
import { groupFindings, type ReasonGroup, unsuppressed } from './text/ranking.ts';

/** Lines of one screen. Why 24: the smallest terminal in use, and what is left of a CI log without scrolling. */
const SCREEN = 24;
const MOST_REASONS = 5;
/** Columns below which cutting would leave nothing to read; narrower terminals wrap by themselves. */
const NARROWEST = 60;

/**
 * One screen: the verdict, what the gate does and why, at most five reasons each with its fix, what was not read or is waived.
 * Everything else waits behind `--all`.
 */
export const terminal: Reporter = (report, rules, { color = false, width = 80, all = false } = {}) => {
  const paint = paintWith(picocolors.createColors(color), Math.max(NARROWEST, width));
  const groups = groupFindings(unsuppressed(report.findings), rules);
  const header = headerLines(report, all, paint);
  const notes = noteLines(notesOf(report, all), all, paint);
  const frame = header.length + 1 + (notes.length === 0 ? 0 : notes.length + 1) + 2;
  const reasons = all
    ? groups.map((group) => reasonLines(group, 'all', paint))
    : pickReasons(diverse(groups.filter(mattersAtOnce)), SCREEN - frame, paint);
  const closing = closingLines(groups, reasons.length, all, paint);
  const sections = [header, ...reasons, notes, closing].filter((section) => section.length > 0);
  // A clean scan is two lines: there is nothing to separate.
  if (reasons.length === 0 && notes.length === 0) return `${[...header, ...closing].join('\n')}\n`;
  const fits = sections.flat().length + sections.length - 1 <= SCREEN;
  const spaced = all || fits ? sections : [header, reasons.flat(), notes, closing].filter((section) => section.length > 0);
  return `${spaced.map((section) => section.join('\n')).join('\n\n')}\n`;
};

/** Low and info findings are counted in the header; they change nothing under the default policy. */
function mattersAtOnce(group: ReasonGroup): boolean {
  return group.severity !== 'info' && group.severity !== 'low';
}

/** Of equal severity, one reason of each rule before a second of any: a screen full of one rule hides that there are others. */
function diverse(groups: readonly ReasonGroup[]): ReasonGroup[] {
  const seen = new Map<string, number>();
  return groups
    .map((group) => {
      const id = `${group.severity} ${group.rule.id}`;
      const turn = seen.get(id) ?? 0;
      seen.set(id, turn + 1);
      return { group, turn };
    })
    .toSorted((a, b) => severityRank(b.group.severity) - severityRank(a.group.severity) || a.turn - b.turn)
    .map(({ group }) => group);
}

/** As many reasons as fit the room, at least one, at most {@link MOST_REASONS}; with the whole why where that fits too. */
function pickReasons(groups: readonly ReasonGroup[], room: number, paint: Paint): string[][] {
  const picked: string[][] = [];
  let used = 0;
  for (const group of groups.slice(0, MOST_REASONS)) {
    const block = reasonLines(group, 'short', paint);
    used += block.length;
    if (picked.length > 0 && used > room) break;
    picked.push(block);
  }
  const whole = groups.slice(0, picked.length).map((group) => reasonLines(group, 'whole', paint));
  return whole.flat().length <= room ? whole : picked;
}
