import { describe, expect, test } from 'vitest';
import type { Finding } from '../core/finding.ts';
import { compareWithBaseline, readBaseline } from '../policy/baseline.ts';
import { findingOf, numbered } from './findings.ts';
import { RULES } from './rule-set.ts';
import { contentFingerprint, fingerprint } from './fingerprint.ts';
import type { Sighting } from './inspect-file.ts';

const SHA = 'a'.repeat(64);

interface Seen {
  readonly path: string;
  readonly sha256: string;
  readonly sighting: Sighting;
}

function seen(given: Partial<Sighting> = {}, path = 'models/m.pt', sha256 = SHA): Seen {
  const sighting: Sighting = {
    rule: 'engine.polyglot',
    message: 'two formats',
    key: 'zip+pickle',
    members: ['archive/data.pkl'],
    ...given,
  };
  return { path, sha256, sighting };
}

function findings(...all: readonly Seen[]): Finding[] {
  return numbered(all.map(({ path, sha256, sighting }) => findingOf(sighting, path, sha256, RULES)));
}

/** What a baseline of the first scan says of the second: one letter for each finding. */
function compared(before: readonly Finding[], after: readonly Finding[]): string {
  const baseline = readBaseline({ schema: 'cordon/report/1', findings: before });
  return compareWithBaseline(after, baseline)
    .findings.map((finding) => finding.baseline?.charAt(0))
    .join('');
}

describe('an edit that changes nothing of what is wrong keeps the identity', () => {
  const before = findings(seen({ at: { offset: 10 } }));
  test.each<[string, Seen]>([
    ['bytes inserted before it', seen({ at: { offset: 9_999 } })],
    ['another line and column', seen({ at: { line: 7, column: 3 } })],
    ['re-trained: other digest', seen({}, 'models/m.pt', 'b'.repeat(64))],
    ['file renamed', seen({}, 'models/v2.pt')],
    ['file moved', seen({}, 'archive/old/m.pt')],
    ['saved under another name: other top folder in the torch zip', seen({ members: ['m_v2/data.pkl'] }, 'models/m.pt', 'b'.repeat(64))],
    ['renamed, and the top folder spelt otherwise by a tool', seen({ members: ['x/data.pkl'] }, 'models/v2.pt')],
    ['message of a newer version', seen({ message: 'reworded' })],
    ['severity of a newer version', seen({ severity: 'critical' })],
    ['other evidence', seen({ evidence: { count: 3 } })],
  ])('%s', (_edit, edited) => {
    expect(compared(before, findings(edited))).toBe('u');
  });

  test('the same thing twice in the same place is one identity', () => {
    expect(compared(before, findings(seen({ at: { offset: 1 } }), seen({ at: { offset: 2 } })))).toBe('uu');
  });

  test('other findings around it do not matter', () => {
    const after = findings(seen({ key: 'other' }), seen(), seen({ rule: 'engine.malformed', key: 'pickle' }));
    expect(after.filter((finding) => finding.fingerprint === before[0]?.fingerprint)).toHaveLength(1);
  });
});

describe('something else has another identity', () => {
  const before = findings(seen());
  test.each<[string, Seen]>([
    ['another callee', seen({ key: 'other' })],
    ['another rule', seen({ rule: 'engine.malformed' })],
    ['another member', seen({ members: ['archive/extra.pkl'] })],
    ['a member of a member', seen({ members: ['archive/data.pkl', 'archive/data.pkl'] })],
    ['another file with other content', seen({}, 'models/other.pt', 'b'.repeat(64))],
  ])('%s', (_edit, edited) => {
    expect(compared(before, findings(edited))).toBe('n');
  });

  test('a copy beside the known file is new', () => {
    expect(compared(before, findings(seen(), seen({}, 'models/copy.pt')))).toBe('nu');
  });

  test('files that were not hashed are not one file', () => {
    const identity = { members: [], rule: 'r', key: 'k', sha256: null };
    expect(contentFingerprint({ ...identity, path: 'a' })).not.toBe(contentFingerprint({ ...identity, path: 'b' }));
  });
});

test('fingerprints are stable for ever', () => {
  const identity = { path: 'a.pt', members: ['archive/data.pkl'], rule: 'pickle.dangerous-call', key: 'posix.system' };
  expect(fingerprint(identity)).toBe('fp/v1:44585b93d8da01f1f5039a99f18fc910');
  expect(contentFingerprint({ ...identity, sha256: SHA })).toBe('fp/v1:ac8294dfec1fbce69cd61668b04d6f98');
});
