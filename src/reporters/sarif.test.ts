import type { Log, Result, Run } from 'sarif';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../core/finding.ts';
import type { Report } from '../core/report.ts';
import { clean } from './fixtures/clean.ts';
import { hostile } from './fixtures/hostile.ts';
import { rich } from './fixtures/rich.ts';
import { rules } from './fixtures/rules.ts';
import { artifactLocation } from './sarif/uri.ts';
import { sarif } from './sarif.ts';

function runOf(report: Report): Run {
  const log = JSON.parse(sarif(report, rules)) as Log;
  const [run] = log.runs;
  if (run === undefined) throw new Error('no run');
  return run;
}

const resultsOf = (report: Report): Result[] => runOf(report).results ?? [];

describe.each(Object.entries({ rich, clean, hostile }))('%s', (_name, report) => {
  test('every index points to what it names', () => {
    const run = runOf(report);
    for (const { ruleId, ruleIndex, locations } of run.results ?? []) {
      expect(run.tool.driver.rules?.[ruleIndex ?? -1]?.id).toBe(ruleId);
      const location = locations?.[0]?.physicalLocation?.artifactLocation;
      expect(run.artifacts?.[location?.index ?? -1]?.location?.uri).toBe(location?.uri);
    }
    for (const { descriptor } of run.invocations?.[0]?.toolExecutionNotifications ?? []) {
      expect(run.tool.driver.notifications?.[descriptor?.index ?? -1]?.id).toBe(descriptor?.id);
    }
  });

  test('addresses are relative and percent-encoded, hashes and tags have their form', () => {
    const run = runOf(report);
    for (const { location, hashes } of run.artifacts ?? []) {
      expect(location?.uri).toMatch(/^(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+$/);
      expect(location?.uriBaseId).toBe('%SRCROOT%');
      if (hashes !== undefined) expect(hashes['sha-256']).toMatch(/^[0-9a-f]{64}$/);
    }
    for (const { properties, help } of run.tool.driver.rules ?? []) {
      expect(properties?.tags?.length).toBeLessThanOrEqual(10);
      expect(Number(properties?.['security-severity'])).toBeGreaterThanOrEqual(0);
      expect(help?.markdown).toBeTruthy();
    }
  });
});

test('worst results first; suppressed ones stay and say why', () => {
  const results = resultsOf(rich);
  expect(results.map(({ properties }) => properties?.['severity'])).toEqual(['critical', 'critical', 'critical', 'high', 'medium', 'low']);
  const suppressed = results.filter(({ suppressions }) => suppressions?.length === 1);
  expect(suppressed.map((result) => result.suppressions)).toEqual([
    [
      {
        kind: 'external',
        status: 'accepted',
        justification: 'offline archive, never loaded (waiver legacy-scaler, owner ml-platform@example.com, until 2027-01-31)',
      },
    ],
  ]);
});

test('a byte offset inside a member is no region of the file', () => {
  const [inMember] = resultsOf(rich);
  expect(inMember?.locations?.[0]?.physicalLocation?.region).toEqual({ startLine: 1 });
  expect(inMember?.locations?.[0]?.logicalLocations).toEqual([
    { name: 'archive/data.pkl', fullyQualifiedName: 'models/model.pt!archive/data.pkl', kind: 'member', properties: { byteOffset: 1234 } },
  ]);
  const inFile = resultsOf(rich).find(({ suppressions }) => suppressions?.length === 1);
  expect(inFile?.locations?.[0]?.physicalLocation?.region).toEqual({ startLine: 1, byteOffset: 7 });
});

test('fingerprints keep two findings of one rule in one binary apart', () => {
  const hashes = resultsOf(rich).map(({ partialFingerprints }) => partialFingerprints?.['primaryLocationLineHash']);
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('what was not read is an error of the run', () => {
  const [invocation] = runOf(rich).invocations ?? [];
  expect(invocation?.executionSuccessful).toBe(false);
  expect(invocation?.toolExecutionNotifications?.map(({ descriptor, level }) => `${level} ${descriptor?.id}`)).toEqual([
    'error cordon/scanner-failed',
    'warning cordon/waiver',
    'warning cordon/waiver',
    'error cordon/incomplete',
    'error cordon/incomplete',
  ]);
});

test('at most 5,000 results, the mildest cut, and the run says so', () => {
  const [model] = rich.findings;
  if (model === undefined) throw new Error('the rich report has findings');
  const many = Array.from({ length: 6_000 }, (_, index): Finding => ({
    ...model,
    id: `m${index}`,
    severity: index < 10 ? 'critical' : 'low',
  }));
  const run = runOf({ ...rich, findings: many.toReversed() });
  expect(run.results?.length).toBe(5_000);
  expect(run.results?.filter(({ level }) => level === 'error').length).toBe(10);
  expect(run.properties?.['cut']).toEqual({ results: 1_000, artifacts: 0 });
  expect(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toContain('1,000 results');
});

test.each([
  ['models/model v2.pt', { uri: 'models/model%20v2.pt', uriBaseId: '%SRCROOT%' }],
  ['c:x/é#?%.pt', { uri: 'c%3Ax/%C3%A9%23%3F%25.pt', uriBaseId: '%SRCROOT%' }],
  ['a\ud800', { uri: 'a%EF%BF%BD', uriBaseId: '%SRCROOT%' }],
  ['https://example.com/a b.pt', { uri: 'https://example.com/a%20b.pt' }],
])('%j as a URI', (path, location) => {
  expect(artifactLocation(path)).toEqual(location);
});
