import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../core/finding.ts';
import type { Report } from '../core/report.ts';
import { clean } from './fixtures/clean.ts';
import { hostile } from './fixtures/hostile.ts';
import { rich } from './fixtures/rich.ts';
import { rules } from './fixtures/rules.ts';
import { terminal } from './terminal.ts';
import { columnsOf } from './text/width.ts';

const lineCount = (text: string) => text.trimEnd().split('\n').length;

/** The rich report with `count` more critical findings, each its own reason or all the same one. */
function crowded(count: number, same: boolean): Report {
  const model = rich.findings[0];
  if (model === undefined) throw new Error('the rich report has findings');
  const more = Array.from({ length: count }, (_, index): Finding => ({
    ...model,
    id: `m${index}`,
    key: same ? 'same' : `key ${index}`,
    location: { path: `more/${index}.pt` },
  }));
  return { ...rich, findings: [...rich.findings, ...more] };
}

describe('one screen', () => {
  test.each([
    ['rich', rich],
    ['hostile', hostile],
    ['200 reasons', crowded(200, false)],
    ['one reason in 200 files', crowded(200, true)],
  ])('%s fits 24 lines', (_name, report) => {
    expect(lineCount(terminal(report, rules, { width: 80 }))).toBeLessThanOrEqual(24);
  });

  test('a clean scan is two lines', () => {
    expect(lineCount(terminal(clean, rules))).toBe(2);
  });

  test('the same rule and key in many files is one reason with a count', () => {
    expect(terminal(crowded(200, true), rules, { width: 100 })).toContain('and 199 more places in 200 files');
  });

  test('every rule of a severity has its turn before one rule fills the screen', () => {
    const report = crowded(200, false);
    const other = report.findings.map((finding, index): Finding => (index === 150 ? { ...finding, rule: 'zip.other', key: 'z' } : finding));
    expect(terminal({ ...report, findings: other }, rules, { width: 120 })).toContain('zip.other');
  });

  test('what is hidden is said', () => {
    expect(terminal(crowded(200, false), rules)).toMatch(/\d+ more reasons: --all/);
  });
});

test('every line fits the width, from 60 columns on, and the fix is whole', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60, max: 200 }), fc.constantFrom(rich, hostile, clean), (width, report) => {
      for (const line of terminal(report, rules, { width }).split('\n')) expect(columnsOf(line)).toBeLessThanOrEqual(width);
    }),
  );
  const narrow = terminal(rich, rules, { width: 60 }).replaceAll(/\n {9}/g, ' ');
  expect(narrow).toContain('cordon convert models/model.pt --to safetensors');
});

test('colour only when asked for', () => {
  expect(terminal(rich, rules)).not.toContain('\x1b');
  const coloured = terminal(rich, rules, { color: true });
  expect(coloured).toContain('\x1b[31m');
  expect(stripVTControlCharacters(coloured)).toBe(terminal(rich, rules));
});

test('a clean verdict over unread content is not called clean', () => {
  const unread: Report = { ...clean, completeness: 'not-scanned', gate: { ...clean.gate, effect: 'deny' } };
  expect(terminal(unread, rules)).toMatch(/^✗ INCOMPLETE/);
});
