import type { Artifact } from '../core/artifact.ts';
import type { Finding } from '../core/finding.ts';
import { printable } from '../core/printable.ts';
import type { Report } from '../core/report.ts';
import type { Rule } from '../core/rule.ts';
import { verdictOf } from '../core/verdict.ts';
import type { Reporter } from './reporter.ts';
import { countText } from './text/amounts.ts';
import { byPath } from './text/by-path.ts';
import { evidenceText } from './text/evidence.ts';
import { markup } from './text/markup.ts';
import { rankFindings, ruleOf } from './text/ranking.ts';
import { gateSentence } from './text/summary.ts';
import { whereOf } from './text/where.ts';

/** A test case, with its one outcome when it did not pass. Why one: consumers disagree on how to count a case with two. */
interface Case {
  readonly suite: 'gate' | 'artifact';
  readonly name: string;
  readonly outcome?:
    | { readonly element: 'failure' | 'error' | 'skipped'; readonly message: string; readonly lines: readonly string[] }
    | undefined;
}

/**
 * JUnit XML: the gate itself as first case, then one case for each artifact. It fails when a finding blocks, errs when it was
 * not fully read, and is skipped when a waiver is all that keeps it from failing.
 */
export const junit: Reporter = (report, rules, { timestamp } = {}) => {
  const findings = byPath(rankFindings(report.findings));
  const cases = [gateCase(report), ...report.artifacts.map((artifact) => artifactCase(artifact, findings.get(artifact.path) ?? [], rules))];
  const count = (element: string) => cases.filter((one) => one.outcome?.element === element).length;
  const totals = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0"`;
  const when = timestamp === undefined ? '' : ` timestamp="${markup(timestamp)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="cordon" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" time="0">`,
    `  <testsuite name="cordon scan" ${totals}${when}>`,
    ...cases.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};

function gateCase(report: Report): Case {
  const { name, effect, reasons } = report.gate;
  const lines = reasons.map((reason) => `${reason.effect} [${reason.id}]: ${reason.message}`);
  return {
    suite: 'gate',
    name: `gate ${name}`,
    outcome: effect === 'deny' ? { element: 'failure', message: gateSentence(report), lines } : undefined,
  };
}

function artifactCase(artifact: Artifact, findings: readonly Finding[], rules: ReadonlyMap<string, Rule>): Case {
  return { suite: 'artifact', name: artifact.path, outcome: outcomeOf(artifact, findings, rules) };
}

function outcomeOf(artifact: Artifact, findings: readonly Finding[], rules: ReadonlyMap<string, Rule>): Case['outcome'] {
  const blocking = findings.filter((finding) => verdictOf(finding.severity) === 'blocked');
  const active = blocking.filter((finding) => finding.suppressed === undefined);
  const unread = artifact.completeness === 'complete' ? [] : [`${artifact.completeness}: ${artifact.reasons.join('; ')}`];
  const [worst] = active;
  if (worst !== undefined) {
    const more = active.length === 1 ? '' : ` (and ${countText(active.length - 1, 'more finding')})`;
    const lines = [...active.flatMap((finding) => findingLines(finding, rules)), ...unread];
    return { element: 'failure', message: `${worst.severity}: ${worst.message}${more}`, lines };
  }
  if (unread.length > 0) return { element: 'error', message: unread.join(''), lines: [] };
  const waivers = new Set(blocking.flatMap((finding) => finding.suppressed?.waiver ?? []));
  if (waivers.size === 0) return undefined;
  const message = `${countText(blocking.length, 'finding')} waived by ${[...waivers].join(', ')}`;
  return { element: 'skipped', message, lines: blocking.flatMap((finding) => findingLines(finding, rules)) };
}

function findingLines(finding: Finding, rules: ReadonlyMap<string, Rule>): string[] {
  const rule = ruleOf(finding.rule, rules);
  const fix = finding.fix === '' ? rule.fix : finding.fix;
  const seen = evidenceText(finding.evidence);
  return [
    `${finding.severity} ${finding.rule}: ${finding.message}`,
    `  where: ${whereOf(finding.location)}`,
    `  why: ${rule.why}`,
    ...(seen === '' ? [] : [`  seen: ${seen}`]),
    ...(fix === '' ? [] : [`  fix: ${fix}`]),
  ];
}

function caseXml({ suite, name, outcome }: Case): string {
  const head = `    <testcase classname="cordon.${suite}" name="${markup(name)}" time="0"`;
  if (outcome === undefined) return `${head}/>`;
  const { element, message, lines } = outcome;
  const type = element === 'skipped' ? '' : ` type="${element === 'error' ? 'incomplete' : 'blocked'}"`;
  // printable here, because a line must not be able to fake a second one.
  const body = lines.map((line) => markup(printable(line))).join('\n');
  return `${head}>\n      <${element} message="${markup(message)}"${type}>${body}</${element}>\n    </testcase>`;
}
