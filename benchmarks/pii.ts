import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { compilePatterns } from '../src/patterns/matching/compile.ts';
import { detect } from '../src/patterns/matching/detect.ts';
import { PII_PATTERNS } from '../src/patterns/pii/index.ts';
import { row } from './measure.ts';
import { BOTH, kindOf } from './pii/entities.ts';
import { compare, type Counts, type Entity, interval, type Match, scores, total } from './pii/score.ts';

/**
 * Personal data: Cordon beside Presidio on the same labelled rows in the same run.
 *
 * Run: npx tsx benchmarks/pii.ts --labelled FILE.jsonl [--part held-out|development] [--python PATH] [--threshold 0.4] [--errors KIND]
 *      [--benign FILE.jsonl[.gz]]
 *
 * `--errors KIND` prints what Cordon missed and invented; use it with `--part development` only, or the rest is no longer unseen.
 */
interface Row {
  readonly text: string;
  readonly labels: readonly Entity[];
  readonly template: number;
  readonly locale: string;
  readonly part: string;
}
interface Tool {
  readonly name: string;
  readonly found: readonly (readonly Entity[])[];
  readonly seconds: number;
}

const option = (name: string): string | undefined =>
  process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : undefined;
const part = option('part') ?? 'held-out';

function readLines<Line>(file: string): Line[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
}

function cordon(texts: readonly string[]): Tool {
  const set = compilePatterns(PII_PATTERNS);
  for (const text of texts.slice(0, 500)) detect(set, text);
  const started = performance.now();
  const found = texts.map((text) => detect(set, text).map(({ entity, span }) => ({ type: kindOf(entity ?? ''), ...span })));
  return { name: 'Cordon', found, seconds: (performance.now() - started) / 1000 };
}

function presidio(texts: readonly string[], python: string, threshold: number): Tool | undefined {
  const input = texts.map((text) => JSON.stringify({ text })).join('\n');
  const script = new URL('pii/presidio.py', import.meta.url).pathname;
  const { stdout, status } = spawnSync(python, [script], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if (status !== 0) return undefined;
  const lines = stdout.trim().split('\n');
  const { seconds, ner } = JSON.parse(lines.pop()!) as { seconds: number; ner: string };
  const found = lines.map((line) => {
    const { found: all } = JSON.parse(line) as { found: (Entity & { score: number })[] };
    return best(all.filter(({ score }) => score >= threshold)).map(({ type, start, end }) => ({ type: kindOf(type), start, end }));
  });
  return { name: `Presidio, scores from ${threshold}, ${ner === 'none' ? 'without language model' : ner}`, found, seconds };
}

/** Of overlapping finds the surer one, then the longer one, as Presidio's anonymizer takes them. */
function best(all: readonly (Entity & { score: number })[]): Entity[] {
  const taken: Entity[] = [];
  for (const one of all.toSorted((a, b) => b.score - a.score || b.end - b.start - (a.end - a.start))) {
    if (taken.every(({ start, end }) => one.end <= start || one.start >= end)) taken.push(one);
  }
  return taken;
}

const file = option('labelled');
if (file !== undefined) {
  const rows = readLines<Row>(file)
    .filter((each) => each.part === part)
    .map((each) => ({ ...each, labels: each.labels.map((label) => ({ ...label, type: kindOf(label.type) })) }));
  const texts = rows.map(({ text }) => text);
  const python = option('python') ?? 'python3';
  const thresholds = (option('threshold') ?? '0.4,0').split(',').map(Number);
  const tools = [cordon(texts), ...thresholds.flatMap((threshold) => presidio(texts, python, threshold) ?? [])];
  const size = texts.reduce((sum, text) => sum + text.length, 0);
  console.log(`${rows.length} rows of ${new Set(rows.map(({ template }) => template)).size} templates (${part}), ${size} characters\n`);
  for (const locales of ['en_US', 'others']) {
    const wanted = rows.map(({ locale }) => (locale === 'en_US') === (locales === 'en_US'));
    console.log(`### ${locales === 'en_US' ? 'Faker locale en_US' : 'eleven other Faker locales'}\n`);
    printKinds(tools, rows, wanted);
  }
  console.log(row('tool', 'seconds', 'thousand characters a second'));
  console.log(row('---', '---', '---'));
  for (const { name, seconds } of tools) console.log(row(name, seconds.toFixed(2), (size / seconds / 1000).toFixed(0)));
  if (option('errors') !== undefined) printErrors(tools[0]!, rows, option('errors')!);
}

function printKinds(tools: readonly Tool[], rows: readonly Row[], wanted: readonly boolean[]): void {
  const kinds = [...new Set(rows.flatMap(({ labels }) => labels.map(({ type }) => type)))].toSorted();
  const groups: readonly (readonly [string, readonly string[]])[] = [
    ['**what both find without a model**', BOTH],
    ['**the same and persons, streets, postcodes**', [...BOTH, 'person', 'address']],
    ...kinds.map((kind): [string, string[]] => [kind, [kind]]),
  ];
  console.log(row('kind', 'labels', 'tool', 'exact: precision', 'recall', 'F1 (95 %)', 'overlap: precision', 'recall', 'F1 (95 %)'));
  console.log(row('---', '---', '---', '---', '---', '---', '---', '---', '---'));
  for (const [name, among] of groups) {
    for (const tool of tools) {
      const exact = measured(tool, rows, wanted, among, 'exact');
      const overlap = measured(tool, rows, wanted, among, 'overlap');
      if (exact.labelled > 0) console.log(row(name, String(exact.labelled), tool.name, ...exact.cells, ...overlap.cells));
    }
  }
  console.log('');
}

function measured(tool: Tool, rows: readonly Row[], wanted: readonly boolean[], among: readonly string[], match: Match) {
  const groups = new Map<number, Counts[]>();
  for (const [at, { labels, template }] of rows.entries()) {
    if (!wanted[at]!) continue;
    const pick = (all: readonly Entity[]): Entity[] => all.filter(({ type }) => among.includes(type));
    const counts = compare(pick(labels), pick(tool.found[at]!), match);
    groups.set(template, [...(groups.get(template) ?? []), counts]);
  }
  const all = total([...groups.values()].flat());
  const { precision, recall, f1 } = scores(all);
  const [low, high] = interval([...groups.values()]);
  const show = (value: number): string => (Number.isNaN(value) ? '-' : value.toFixed(3));
  return { labelled: all.labelled, cells: [show(precision), show(recall), `${show(f1)} (${show(low)} to ${show(high)})`] };
}

function printErrors(tool: Tool, rows: readonly Row[], kind: string): void {
  for (const [at, { text, labels, locale }] of rows.entries()) {
    const show = (all: readonly Entity[]): string[] =>
      all.filter(({ type }) => type === kind).map(({ start, end }) => text.slice(start, end));
    const missed = show(labels).filter((value) => !show(tool.found[at]!).includes(value));
    const invented = show(tool.found[at]!).filter((value) => !show(labels).includes(value));
    if (missed.length + invented.length > 0) console.log(JSON.stringify({ locale, missed, invented, text }));
  }
}

const benign = option('benign');
if (benign !== undefined) {
  const texts = readLines<{ text: string }>(benign).map(({ text }) => text);
  const { found, seconds } = cordon(texts);
  const kinds = new Map<string, number>();
  for (const { type } of found.flat()) kinds.set(type, (kinds.get(type) ?? 0) + 1);
  console.log(`${texts.length} texts without labels, ${seconds.toFixed(1)} s: what is found in a thousand of them`);
  for (const [kind, count] of [...kinds].toSorted((a, b) => b[1] - a[1]))
    console.log(row(kind, ((1000 * count) / texts.length).toFixed(2)));
}
