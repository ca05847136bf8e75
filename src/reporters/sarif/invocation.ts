import type { Invocation, Notification, ReportingDescriptor } from 'sarif';
import type { Report } from '../../core/report.ts';
import { printable } from '../../core/printable.ts';
import { countText } from '../text/amounts.ts';
import { notesOf } from '../text/notes.ts';
import { incompleteArtifacts, incompleteText } from '../text/summary.ts';
import { artifactLocation } from './uri.ts';

/** What the run can say of itself beside its results. Why so full: GitHub's rules for SARIF ask the same of these as of rules. */
export const NOTIFICATIONS: ReportingDescriptor[] = [
  notificationKind('cordon/incomplete', 'Incomplete', 'An artifact was not read to its end, so that clean says nothing of it.'),
  notificationKind('cordon/scanner-failed', 'ScannerFailed', 'A scanner failed, so that it has seen only a part.'),
  notificationKind('cordon/waiver', 'Waiver', 'A waiver has expired, was refused or matches nothing.'),
  notificationKind('cordon/cut', 'Cut', 'Results were left out because of a limit.'),
];

function notificationKind(id: string, name: string, text: string): ReportingDescriptor {
  return { id, name, shortDescription: { text }, fullDescription: { text }, help: { text } };
}

/** Notifications a viewer can be given before it gives up. */
const MOST_NOTIFICATIONS = 1_000;

/** How the run went: not successful when a scanner failed, with a notification for everything that was not read. */
export function invocationOf(report: Report, cutResults: number, timestamp: string | undefined): Invocation {
  const notifications = [...cut(report, cutResults), ...failures(report), ...waivers(report), ...incomplete(report)];
  return {
    executionSuccessful: report.plugins.every((plugin) => plugin.status !== 'failed'),
    ...(timestamp === undefined ? {} : { endTimeUtc: timestamp }),
    toolExecutionNotifications: notifications.slice(0, MOST_NOTIFICATIONS),
  };
}

function cut(report: Report, cutResults: number): Notification[] {
  const texts = [
    ...(cutResults === 0 ? [] : [`${countText(cutResults, 'result')} of the lowest severity left out: at most 5,000 are written.`]),
    ...(report.stats.cut === 0 ? [] : [`${countText(report.stats.cut, 'finding')} left out because a limit of the scan was reached.`]),
  ];
  return texts.map((text) => notification('cordon/cut', 'warning', text));
}

function failures(report: Report): Notification[] {
  return report.plugins
    .filter((plugin) => plugin.status === 'failed')
    .map(({ id, reason }) => notification('cordon/scanner-failed', 'error', printable(reason === undefined ? id : `${id}: ${reason}`)));
}

function waivers(report: Report): Notification[] {
  return notesOf(report, true)
    .filter((note) => note.loud && note.label.startsWith('waiver'))
    .flatMap((note) => note.lines.map((line) => notification('cordon/waiver', 'warning', `${note.label}: ${line}`)));
}

function incomplete(report: Report): Notification[] {
  return incompleteArtifacts(report).map((artifact) => ({
    ...notification('cordon/incomplete', 'error', incompleteText(artifact)),
    locations: [{ physicalLocation: { artifactLocation: artifactLocation(artifact.path) } }],
  }));
}

function notification(id: string, level: Notification.level, text: string): Notification {
  return { descriptor: { id, index: NOTIFICATIONS.findIndex((descriptor) => descriptor.id === id) }, level, message: { text } };
}
