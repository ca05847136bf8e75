import { expect, test } from 'vitest';
import { compileGuardConditions } from '../../policy/cel/guard-conditions.ts';
import type { GuardDetection } from './decision.ts';
import { conditionReasons, findingReasons, type Standard } from './reasons.ts';

function detection(rule: string, detector: string, score: number, segment = 0): GuardDetection {
  return { rule, detector, score, segment, channel: 'user', span: { start: 0, end: 1 } };
}

function reasons(standard: Standard, ...detections: readonly GuardDetection[]): readonly string[] {
  return findingReasons(new Map([['judge', standard]]), detections, undefined).map(({ id, effect }) => `${id} ${effect}`);
}

test('rules of a detector add up, doubts of a judge do not', () => {
  const doubts = [detection('a.x', 'judge', 0.4), detection('a.y', 'judge', 0.4)];
  expect(reasons({ mode: 'block', threshold: 0.5 }, ...doubts)).toEqual(['judge block']);
  expect(reasons({ mode: 'block', threshold: 0.5, surestOnly: true }, ...doubts)).toEqual([]);
});

test('rules with modes of their own are counted apart', () => {
  const standard = { mode: 'block', threshold: 0.5, surestOnly: true, modes: { 'a.pii': 'redact' } };
  expect(reasons(standard, detection('a.pii', 'judge', 1))).toEqual(['judge redact']);
  expect(reasons(standard, detection('a.pii', 'judge', 1), detection('a.x', 'judge', 0.6))).toEqual(['judge redact', 'judge block']);
});

test('masses of one finding do not hide another from conditions', () => {
  const conditions = compileGuardConditions(
    [{ id: 'c', when: 'detections.exists(d, d.rule == "moderation.hate")', effect: 'block' }],
    'test',
  );
  const many = Array.from({ length: 2_000 }, () => detection('pii.email', 'pii', 1));
  const found = conditionReasons(conditions, [], [...many, detection('moderation.hate', 'judge', 0.9, 1)], 1, undefined, []);
  expect(found).toMatchObject([{ id: 'c', effect: 'block' }]);
});
