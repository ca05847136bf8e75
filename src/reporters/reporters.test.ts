import { describe, expect, test } from 'vitest';
import type { Report } from '../core/report.ts';
import { clean } from './fixtures/clean.ts';
import { hostile } from './fixtures/hostile.ts';
import { rich } from './fixtures/rich.ts';
import { rules } from './fixtures/rules.ts';
import { REPORTERS } from './index.ts';
import type { Reporter, ReporterOptions } from './reporter.ts';

const reports: Readonly<Record<string, Report>> = { rich, clean, hostile };
const ALL: readonly [string, Reporter][] = Object.entries(REPORTERS);

/** What must never reach a reader raw: controls but newlines, bidi, invisible and noncharacters. */
const RAW = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u200b\u2060]/u;

describe.each(ALL)('%s', (name, reporter) => {
  test.each(Object.keys(reports))('golden: %s', async (key) => {
    await expect(reporter(report(key), rules)).toMatchFileSnapshot(`golden/${key}.${name}.txt`);
  });

  test('nothing an attacker wrote reaches the reader raw', () => {
    expect(reporter(hostile, rules)).not.toMatch(RAW);
    expect(reporter(hostile, rules, { all: true })).not.toMatch(RAW);
  });

  test('ends in one newline', () => {
    expect(reporter(rich, rules)).toMatch(/[^\n]\n$/);
  });

  test('the order in which a scan found things does not show', () => {
    const shuffled: Report = { ...rich, findings: rich.findings.toReversed() };
    if (name !== 'json') expect(reporter(shuffled, rules)).toBe(reporter(rich, rules));
  });

  test('has no time in it unless asked', () => {
    expect(reporter(rich, rules)).not.toMatch(/\d{2}:\d{2}:\d{2}/);
  });
});

test('terminal with everything', async () => {
  const options: ReporterOptions = { all: true, width: 72 };
  await expect(REPORTERS.terminal(rich, rules, options)).toMatchFileSnapshot('golden/rich.terminal-all.txt');
});

function report(key: string): Report {
  return reports[key] ?? clean;
}
