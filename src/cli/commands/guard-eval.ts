import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { combinedScore } from '../../engine/guard/combine.ts';
import type { GuardDetection } from '../../engine/guard/decision.ts';
import { type ChannelResult, evaluate, type GroupResult, LabelledText, type ScoredText } from '../../engine/guard/eval.ts';
import type { Guard } from '../../engine/guard/guard.ts';
import type { Interval } from '../../engine/guard/metrics.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { type GuardFlags, loadGuard } from './guard.ts';

/** Options of `cordon guard eval`. */
export interface GuardEvalFlags extends GuardFlags {
  readonly threshold?: number;
  readonly fpr?: number;
  readonly json?: boolean;
}

/** Detectors whose score says that a text is an attack. Why not the others: a phone number is no attack. */
const ATTACK_DETECTORS: ReadonlySet<string> = new Set(['injection', 'indirect', 'extraction']);
const DEFAULT_THRESHOLD = 0.7;

/**
 * `cordon guard eval FILE`: scores a file of labelled texts (JSON lines, also gzipped) and prints recall at a fixed false positive rate,
 * both rates at the threshold, and the area under the curve, with intervals, for each source, language and kind.
 */
export async function guardEvalCommand(file: string, flags: GuardEvalFlags, io: Io): Promise<number> {
  const guard = await loadGuard(flags, io);
  const rows = await scoredRows(resolve(io.cwd, file), guard);
  const report = evaluate(rows, {
    threshold: flags.threshold ?? DEFAULT_THRESHOLD,
    ...(flags.fpr === undefined ? {} : { fpr: flags.fpr }),
  });
  if (flags.json === true) io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else {
    for (const [name, channel] of Object.entries(report.channels))
      io.stdout.write(channelText(name, channel, report.threshold, report.fpr));
  }
  return EXIT.allowed;
}

async function scoredRows(path: string, guard: Guard): Promise<ScoredText[]> {
  const rows: ScoredText[] = [];
  let number = 0;
  try {
    const raw = createReadStream(path);
    const input = path.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
    // Why: readline does not pass on the errors of what it reads.
    raw.on('error', (error) => input.destroy(error));
    let rest = '';
    for await (const chunk of input.setEncoding('utf8')) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) await scoreLine(line, ++number, guard, rows);
    }
    await scoreLine(rest, ++number, guard, rows);
  } catch (error) {
    if (error instanceof CordonError) throw error;
    throw new CordonError('usage.invalid', `cannot read ${path}: ${errorMessage(error)}`, { cause: error });
  }
  return rows;
}

async function scoreLine(line: string, number: number, guard: Guard, rows: ScoredText[]): Promise<void> {
  if (line.trim() === '') return;
  const parsed = LabelledText.safeParse(parseJson(line, number));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CordonError('usage.invalid', `line ${number}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { text, ...rest } = parsed.data;
  const { detections, failures } = await guard.assess({ text, channel: rest.channel });
  // Why: a measurement in which a part of the guard was silent measures something else.
  if (failures.length > 0) throw new CordonError('policy.unavailable', `line ${number}: ${failures.join('; ')}`);
  rows.push({ ...rest, score: attackScoreOf(detections) });
}

/** The score of a text as an attack: detections of other kinds do not count. */
function attackScoreOf(detections: readonly GuardDetection[]): number {
  return combinedScore(detections.filter(({ detector }) => ATTACK_DETECTORS.has(detector)));
}

function parseJson(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new CordonError('usage.invalid', `line ${number} is not JSON: ${errorMessage(error).slice(0, 200)}`, { cause: error });
  }
}

function channelText(name: string, channel: ChannelResult, threshold: number, fpr: number): string {
  const at = `recall at ${percent(fpr)} FPR (threshold ${channel.thresholdAtFpr.toFixed(3)})`;
  const lines = [`${name} channel, threshold ${threshold}; ${at}`, ''];
  lines.push(row('', ['attacks', 'benign', 'recall', 'FPR', `R@${percent(fpr)}`, 'AUC']), group('all', channel.all));
  for (const [title, groups] of [
    ['source', channel.sources],
    ['language', channel.languages],
    ['kind', channel.kinds],
  ] as const) {
    lines.push(`by ${title}`);
    for (const [key, value] of Object.entries(groups)) lines.push(group(`  ${printable(key)}`, value));
  }
  const { macro } = channel;
  if (macro !== undefined)
    lines.push(
      `mean over sources: recall ${percent(macro.recall)}, R@${percent(fpr)} ${percent(macro.recallAtFpr)}, AUC ${macro.auc.toFixed(3)}`,
    );
  return `${lines.join('\n')}\n\n`;
}

function group(name: string, { attacks, benign, recall, fpr, recallAtFpr, auc }: GroupResult): string {
  return row(name, [
    String(attacks),
    String(benign),
    share(recall),
    share(fpr),
    share(recallAtFpr),
    auc === undefined ? '' : auc.value.toFixed(3),
  ]);
}

function row(name: string, cells: readonly string[]): string {
  return `${name.padEnd(24)}${cells.map((cell, index) => cell.padStart(index < 2 ? 9 : 22)).join('')}`;
}

function share(interval: Interval | undefined): string {
  return interval === undefined ? '' : `${percent(interval.value)} (${percent(interval.low)}-${percent(interval.high)})`;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)}%`;
}
