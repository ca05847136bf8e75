import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../src/core/report.ts';
import { row, runMeasured } from './measure.ts';
import { peers } from './peers.ts';

/**
 * Detection on labelled folders, Cordon beside its peers, each file judged by the tool's default exit code.
 *
 * Run: npx tsx benchmarks/detection.ts --malicious DIR --benign DIR [--python PATH]
 */
const option = (name: string): string | undefined =>
  process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : undefined;
const cli = new URL('../dist/cli.js', import.meta.url).pathname;

console.log(row('files', 'tool', 'blocked or flagged', 'review', 'error or incomplete', 'silent'));
console.log(row('---', '---', '---', '---', '---', '---'));
for (const label of ['malicious', 'benign']) {
  const folder = option(label);
  if (folder === undefined) continue;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
  const { artifacts } = JSON.parse(runMeasured([process.execPath, cli, 'scan', '--no-cache', '--format', 'json', folder]).stdout) as Report;
  const share = (count: number): string => `${count} (${((100 * count) / files.length).toFixed(1)} %)`;
  const blocked = artifacts.filter((artifact) => artifact.verdict === 'blocked').length;
  const review = artifacts.filter((artifact) => artifact.verdict === 'review').length;
  const incomplete = artifacts.filter((artifact) => artifact.verdict === 'clean' && artifact.completeness !== 'complete').length;
  console.log(
    row(
      `${files.length} ${label}`,
      'cordon',
      share(blocked),
      share(review),
      share(incomplete),
      share(files.length - blocked - review - incomplete),
    ),
  );
  for (const peer of peers(option('python') ?? 'python3')) {
    const verdicts = files.map((file) => peer.verdict(runMeasured(peer.scan(file), 60).exit));
    const count = (verdict: string): number => verdicts.filter((given) => given === verdict).length;
    console.log(row(`${files.length} ${label}`, peer.name, share(count('flagged')), '-', share(count('error')), share(count('clean'))));
  }
}
