/**
 * How well the whole decision of the guard tells attacks from benign text: rules, classifier and profile together, as shipped.
 *
 *     npx tsx benchmarks/guard-detection.ts DIR|FILE... [--profile default] [--config cordon.yaml] [--fpr 0.01] [--json]
 *
 * Reads every .jsonl (also .jsonl.gz) below the folders: {"text", "label": 0|1, "channel", "source", "kind", "language"}, one a line.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { trustOf } from '../src/core/text.ts';
import { LabelledText } from '../src/engine/guard/eval.ts';
import { createGuard } from '../src/engine/guard/guard.ts';
import { bootstrap, shareAtLeast, sorted, thresholdAt, wilson } from '../src/engine/guard/metrics.ts';

interface Judged extends Omit<LabelledText, 'text'> {
  readonly score: number;
  readonly blocked: boolean;
  /** Blocked or marked for review. */
  readonly flagged: boolean;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    profile: { type: 'string', default: 'default' },
    config: { type: 'string' },
    fpr: { type: 'string', default: '0.01' },
    json: { type: 'boolean', default: false },
  },
});
if (positionals.length === 0) throw new Error('Name a folder or file with labelled texts.');

const config = values.config === undefined ? {} : ((parse(readFileSync(values.config, 'utf8')) as { guard?: unknown }).guard ?? {});
const guard = createGuard({ config, profile: values.profile });
const rows = positionals.flatMap(filesOf).flatMap(judge);
const fpr = Number(values.fpr);
const channels = {
  user: rows.filter(({ channel }) => trustOf(channel) !== 'untrusted'),
  'untrusted data': rows.filter(({ channel }) => trustOf(channel) === 'untrusted'),
};
if (values.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
else for (const [name, own] of Object.entries(channels)) if (own.length > 0) report(name, own);

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.jsonl(?:\.gz)?$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function judge(file: string): Judged[] {
  const bytes = readFileSync(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const { text, ...about } = LabelledText.parse(JSON.parse(line));
      const { effect, verdict, score, reasons } = guard.check({ text, channel: about.channel });
      const attack = reasons.some(({ id }) => id !== 'pii' && id !== 'secrets');
      return { ...about, score, blocked: effect === 'block' || effect === 'hold', flagged: attack && verdict !== 'clean' };
    });
}

function report(channel: string, own: readonly Judged[]): void {
  const benign = own.filter(({ label }) => label === 0);
  const { benign: ascending } = sorted(
    [],
    benign.map(({ score }) => score),
  );
  process.stdout.write(`\n## ${channel}: profile ${values.profile}\n`);
  for (const key of ['source', 'kind', 'language'] as const) {
    process.stdout.write(`\n| ${key} | attacks | blocked | review or blocked | R@${fpr * 100}% | benign | blocked | review or blocked |\n`);
    process.stdout.write('| --- | --- | --- | --- | --- | --- | --- | --- |\n');
    for (const group of [...new Set(own.map((row) => row[key] ?? 'unknown'))].sort()) {
      const mine = own.filter((row) => (row[key] ?? 'unknown') === group);
      process.stdout.write(
        `| ${[group, ...cells(mine.filter(({ label }) => label === 1)), ...cells(mine.filter(({ label }) => label === 0)).toSpliced(3, 1)].join(' | ')} |\n`,
      );
    }
  }
  if (benign.length > 0)
    process.stdout.write(
      `\nR@${fpr * 100}%: at score ${thresholdAt(ascending, fpr).toFixed(3)}, which that share of all ${benign.length} benign texts here reaches.\n`,
    );

  function cells(group: readonly Judged[]): string[] {
    if (group.length === 0) return ['0', '', '', ''];
    const scores = sorted(
      group.map(({ score }) => score),
      ascending,
    );
    const recall = bootstrap(scores, (drawn) => shareAtLeast(drawn.attacks, thresholdAt(drawn.benign, fpr)), 200);
    return [
      String(group.length),
      share(group, ({ blocked }) => blocked),
      share(group, ({ flagged }) => flagged),
      benign.length === 0 ? '' : percent(recall),
    ];
  }
}

function share(group: readonly Judged[], of: (row: Judged) => boolean): string {
  return percent(wilson(group.filter(of).length, group.length));
}

function percent({ value, low, high }: { readonly value: number; readonly low: number; readonly high: number }): string {
  return `${(value * 100).toFixed(1)} % (${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)})`;
}
