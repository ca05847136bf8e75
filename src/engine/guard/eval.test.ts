import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, LabelledText } from './eval.ts';
import { areaUnderCurve, bootstrap, shareAtLeast, sorted, thresholdAt, wilson } from './metrics.ts';

const SCORES = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });

describe('metrics', () => {
  test('the threshold never lets more than the fixed share of benign texts through, and no lower one would do', () => {
    fc.assert(
      fc.property(SCORES, fc.double({ min: 0, max: 0.9, noNaN: true }), (scores, fpr) => {
        const { benign } = sorted([], scores);
        const threshold = thresholdAt(benign, fpr);
        expect(shareAtLeast(benign, threshold)).toBeLessThanOrEqual(fpr + 1e-9);
        const lower = benign.findLast((score) => score < threshold);
        if (lower !== undefined) expect(shareAtLeast(benign, lower)).toBeGreaterThan(fpr);
      }),
    );
  });

  test('the area equals the share of ordered pairs', () => {
    fc.assert(
      fc.property(SCORES, SCORES, (attacks, benign) => {
        const pairs = attacks.flatMap((a) => benign.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
        const expected = pairs.reduce((sum: number, pair) => sum + pair, 0) / pairs.length;
        expect(areaUnderCurve(sorted(attacks, benign))).toBeCloseTo(expected, 9);
      }),
    );
  });

  test('intervals contain the value and depend on nothing but the scores', () => {
    const scores = sorted([0.2, 0.7, 0.8, 0.9], [0.1, 0.2, 0.3, 0.75]);
    const once = bootstrap(scores, areaUnderCurve);
    expect(once.low).toBeLessThanOrEqual(once.value);
    expect(once.high).toBeGreaterThanOrEqual(once.value);
    expect(bootstrap(scores, areaUnderCurve)).toEqual(once);
    expect(wilson(0, 100).high).toBeGreaterThan(0.02);
  });
});

describe('evaluate', () => {
  const rows = [
    ...Array.from({ length: 200 }, (_, i) => ({
      label: 0 as const,
      channel: 'user' as const,
      source: 'chat',
      language: 'en',
      score: i / 400,
    })),
    ...Array.from({ length: 10 }, () => ({ label: 1 as const, channel: 'user' as const, source: 'loud', language: 'en', score: 0.9 })),
    ...Array.from({ length: 90 }, () => ({ label: 1 as const, channel: 'user' as const, source: 'quiet', language: 'de', score: 0.1 })),
  ];

  test('judges every source by the benign texts of the whole channel', () => {
    const { user, document } = evaluate(rows, { threshold: 0.45 }).channels;
    expect(document).toBeUndefined();
    expect(user?.sources['loud']).toMatchObject({
      attacks: 10,
      benign: 0,
      recall: { value: 1 },
      recallAtFpr: { value: 1 },
      auc: { value: 1 },
    });
    expect(user?.sources['quiet']?.recallAtFpr?.value).toBe(0);
    expect(user?.sources['chat']?.fpr?.value).toBeCloseTo(0.1);
    expect(user?.macro?.recallAtFpr).toBe(0.5);
    expect(user?.languages['de']?.recall?.value).toBe(0);
  });

  test('does not depend on the order of the rows', () => {
    expect(evaluate(rows.toReversed(), { threshold: 0.45, resamples: 20 })).toEqual(evaluate(rows, { threshold: 0.45, resamples: 20 }));
  });

  test('keeps channels apart and fills in the user channel', () => {
    const row = LabelledText.parse({ text: 'x', label: 1 });
    expect(row.channel).toBe('user');
    const result = evaluate([{ label: 1, channel: 'tool-result', score: 1 }], { threshold: 0.5 });
    expect(result.channels.user).toBeUndefined();
    expect(result.channels.document?.all).toEqual({ attacks: 1, benign: 0, recall: wilson(1, 1) });
  });
});
