import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Reason } from '../../core/decision.ts';
import type { Finding } from '../../core/finding.ts';
import { printable } from '../../core/printable.ts';
import { Report } from '../../core/report.ts';
import type { Rule } from '../../core/rule.ts';
import { ALL_RULES } from '../../engine/all-rules.ts';
import { closestWord } from '../../policy/config/closest-word.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { readNamedFile } from './read-file.ts';

/**
 * `cordon explain RULE`: what a rule finds, why it matters and what to do. With `--report FILE`: which input values made an
 * entry of the gate fire (all entries unless one is named), or where a rule fired.
 */
export async function explainCommand(name: string | undefined, flags: { readonly report?: string }, io: Io): Promise<number> {
  const rule = name === undefined ? undefined : ALL_RULES.get(name);
  if (flags.report === undefined) {
    if (name === undefined) throw new CordonError('usage.invalid', 'name a rule, or give --report FILE; `cordon rules` lists the rules');
    if (rule === undefined) throw unknownName(name, [...ALL_RULES.keys()], 'rule');
    io.stdout.write(ruleText(rule));
    return EXIT.allowed;
  }
  const report = await readReport(flags.report, io);
  const reasons = report.gate.reasons.filter((reason) => name === undefined || reason.id === name);
  if (rule !== undefined) io.stdout.write(`${ruleText(rule)}\n${placesText(report, rule)}`);
  else if (name !== undefined && reasons.length === 0) {
    throw unknownName(name, [...report.gate.reasons.map(({ id }) => id), ...ALL_RULES.keys()], 'rule, and no reason of this decision,');
  }
  if (rule === undefined) io.stdout.write(decisionText(report, reasons));
  return EXIT.allowed;
}

function ruleText({ id, severity, title, why, fix, maps }: Rule): string {
  const lines = [`${id} (${severity})`, `  ${title}`, '', `  Why: ${why}`, `  Fix: ${fix}`];
  if (maps.length > 0) lines.push(`  See: ${maps.join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function placesText(report: Report, rule: Rule): string {
  const fired = report.findings.filter((finding) => finding.rule === rule.id);
  if (fired.length === 0) return 'It did not fire in this report.\n';
  return [
    `It fired ${fired.length === 1 ? 'once' : `${fired.length} times`}:`,
    ...fired.map((finding) => `  ${findingText(finding)}`),
    '',
  ].join('\n');
}

function decisionText(report: Report, reasons: readonly Reason[]): string {
  const { name, effect, engine } = report.gate;
  const lines = [`gate ${name} decides: ${effect} (${engine})`];
  if (reasons.length === 0) lines.push('  no entry fired');
  for (const reason of reasons) {
    lines.push('', `${reason.effect} ${reason.id}: ${printable(reason.message)}`);
    for (const input of reason.inputs) lines.push(`  ${printable(input)}`);
    for (const index of findingIndexes(reason)) {
      const finding = report.findings[index];
      if (finding !== undefined) lines.push(`  findings[${index}] is ${findingText(finding)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The findings that the inputs of a reason speak of, in order. */
function findingIndexes({ inputs }: Reason): readonly number[] {
  const indexes = inputs.map((input) => /^findings\[(\d+)\]/.exec(input)?.[1]).filter((index) => index !== undefined);
  return [...new Set(indexes.map(Number))];
}

function findingText({ rule, severity, location, message }: Finding): string {
  const { path, member, line } = location;
  const place = `${path}${member === undefined ? '' : `!${member}`}${line === undefined ? '' : `:${line}`}`;
  return printable(`${severity} ${rule} in ${place}: ${message}`);
}

async function readReport(file: string, io: Io): Promise<Report> {
  let value: unknown;
  try {
    value = JSON.parse(await readNamedFile(file, io));
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw new CordonError('usage.invalid', `${file} is not JSON: ${errorMessage(error)}`, { cause: error });
  }
  const parsed = Report.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CordonError(
    'usage.invalid',
    `${file} is not a report of cordon (--format json): ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

function unknownName(name: string, known: readonly string[], what: string): CordonError {
  const meant = closestWord(name, known);
  return new CordonError(
    'usage.invalid',
    `there is no ${what} ${JSON.stringify(name)}${meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`}`,
  );
}
