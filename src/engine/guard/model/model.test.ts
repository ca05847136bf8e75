import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeWordModel } from '../../../../test/makers/word-model.ts';
import type { Classifier } from '../../../detectors/classified.ts';
import { TextSubject } from '../../../detectors/text-subject.ts';
import { createGuard, type Guard } from '../guard.ts';
import { loadClassifier } from '../load-classifier.ts';
import { findModel } from './find-model.ts';
import { type GuardModel, loadModel } from './load-model.ts';
import { modelJudge } from './model-judge.ts';
import { pickWindows } from './pick-windows.ts';
import { attackLogOdds, combined } from './probability.ts';
import type { ModelSession } from './runtime.ts';

const base = mkdtempSync(join(tmpdir(), 'cordon-model-'));
let model = '';
beforeAll(() => {
  model = writeWordModel(join(base, 'words'));
});
afterAll(() => rmSync(base, { recursive: true }));

function guardWith(options: object, more: object = {}): Guard {
  const config = {
    profiles: {
      default: { detectors: { limits: { mode: 'off' }, injection: { model: './words', modelMode: 'always', ...options } }, ...more },
    },
  };
  return createGuard({ config, folder: base });
}

describe('a model beside a configuration', () => {
  test('finds what it was made to find, in both channels, with a span', async () => {
    const guard = guardWith({});
    const text = `${'apple '.repeat(600)}kumquat ${'apple '.repeat(600)}`;
    const typed = await guard.assess({ text, channel: 'user' });
    expect(typed).toMatchObject({ effect: 'block', reasons: [{ id: 'injection' }], judges: [{ id: 'model', status: 'answered' }] });
    const found = typed.detections.find(({ rule }) => rule === 'injection.model')!;
    expect(found.score).toBeGreaterThan(0.9);
    expect(text.slice(found.span.start, found.span.end)).toContain('kumquat');
    expect(found.span.end - found.span.start).toBeLessThan(4_000);
    expect(await guard.assess({ text: 'a kumquat', channel: 'tool-result' })).toMatchObject({
      effect: 'block',
      reasons: [{ id: 'indirect' }],
    });
    expect(await guard.assess({ text: 'an apple', channel: 'user' })).toMatchObject({ effect: 'allow', verdict: 'clean' });
    expect(await guard.assess({ text: '', channel: 'user' })).toMatchObject({ effect: 'allow' });
  });

  test('reads decoded views as well', async () => {
    const text = `Read this: ${Buffer.from('a kumquat, a kumquat, and one more kumquat').toString('base64')}`;
    expect((await guardWith({}).assess({ text, channel: 'user' })).detections).toContainEqual(
      expect.objectContaining({ rule: 'injection.model', decoding: ['base64'] }),
    );
  });

  test('is asked only where the classifier is uncertain, unless always', () => {
    const loaded = loadModel(model, base);
    const seen = (probability: number): Classifier => ({
      threshold: () => 0.8,
      score: () => ({ probability, span: { start: 0, end: 1 } }),
    });
    const wants = (probability: number, mode: 'uncertain' | 'always', combine?: object): boolean => {
      const manifest = { ...loaded.manifest, ...(combine === undefined ? {} : { combine }) } as GuardModel['manifest'];
      return modelJudge({ ...loaded, manifest }, seen(probability), mode).wants({ text: 'apple', channel: 'user' }, []);
    };
    expect([0.001, 0.1, 0.9].map((one) => wants(one, 'uncertain'))).toEqual([false, true, true]);
    const band = { low: 0.3, high: 0.9, classifier: 1, model: 1, offset: 0, threshold: 0.5 };
    expect([0.2, 0.3, 0.89, 0.9].map((one) => wants(one, 'uncertain', { user: band, document: band }))).toEqual([false, true, true, false]);
    expect(wants(0.001, 'always')).toBe(true);
  });

  test('its weights are in the digest of the decision', async () => {
    const { modelDigest } = await guardWith({}).assess({ text: 'x', channel: 'user' });
    expect(modelDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(modelDigest).not.toBe(createGuard().check({ text: 'x', channel: 'user' }).modelDigest);
  });

  test('what it finds follows the mode and the exceptions of the detector', async () => {
    expect(await guardWith({ mode: 'monitor' }).assess({ text: 'kumquat', channel: 'user' })).toMatchObject({
      effect: 'allow',
      verdict: 'review',
    });
    expect(await guardWith({ exceptRules: ['injection.model'] }).assess({ text: 'kumquat', channel: 'user' })).toMatchObject({
      verdict: 'clean',
    });
  });

  test('check() asks no model and fails closed, unless told otherwise', () => {
    expect(guardWith({}).check({ text: 'apple', channel: 'user' })).toMatchObject({ effect: 'block', judges: [{ status: 'failed' }] });
    expect(guardWith({ modelFailure: 'allow' }).check({ text: 'apple', channel: 'user' })).toMatchObject({ effect: 'allow' });
  });

  test('of a long text the windows that the classifier finds worst are read', async () => {
    const { manifest, ready } = loadModel(model, base);
    const { tokenizer } = await ready();
    const filler = 'An apple a day. '.repeat(40_000);
    const subject = new TextSubject({ text: `${filler}slow kumquat ${filler}`, channel: 'user' });
    const started = performance.now();
    const picked = pickWindows(subject, tokenizer, manifest, (text) => Number(text.includes('slow')));
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(picked.length).toBeLessThanOrEqual(manifest.maxWindows);
    expect(picked.some(({ view, span }) => view.text.slice(span.start, span.end).includes('kumquat'))).toBe(true);
  });

  test('many texts at once wait their turn', async () => {
    const guard = guardWith({});
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => guard.assess({ text: at % 2 === 0 ? 'kumquat' : 'apple', channel: 'user' })),
    );
    expect(answers.map(({ effect }) => effect)).toEqual(answers.map((_, at) => (at % 2 === 0 ? 'block' : 'allow')));
  });
});

describe('what cannot be used is refused when the guard is made', () => {
  const refused =
    (name: string): unknown =>
    () =>
      createGuard({ model: name, folder: base });
  test('a missing folder, a missing package, a path that climbs', () => {
    expect(refused('./nothing')).toThrow('there is no model');
    expect(refused('no-such-package-of-models')).toThrow('nor an installed package');
    expect(refused('../../etc/passwd/x')).toThrow('there is no model');
  });

  test('labels that do not say what an attack is', () => {
    writeWordModel(join(base, 'labels'), { 0: 'LABEL_0', 1: 'LABEL_1' });
    expect(refused('./labels')).toThrow('heads.user.attack');
    writeFileSync(
      join(base, 'labels', 'cordon-model.json'),
      JSON.stringify({
        schema: 'cordon/guard-model/1',
        name: 'words',
        tokenizer: 'vocab.txt',
        heads: { user: { attack: [1] }, document: { attack: [1] } },
      }),
    );
    expect(findModel('labels', base).manifest.heads.user.threshold).toBe(0.5);
  });

  test('files that are not those of the manifest', () => {
    const folder = writeWordModel(join(base, 'changed'));
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, 'model.onnx')))
      .digest('hex');
    const manifest = (sha256: string): string =>
      JSON.stringify({
        schema: 'cordon/guard-model/1',
        name: 'words',
        tokenizer: 'vocab.txt',
        sha256: { 'model.onnx': sha256 },
        heads: { user: { attack: [1] }, document: { attack: [1] } },
      });
    writeFileSync(join(folder, 'cordon-model.json'), manifest(digest));
    expect(() => loadModel(folder, base)).not.toThrow();
    writeFileSync(join(folder, 'cordon-model.json'), manifest('0'.repeat(64)));
    expect(() => loadModel(folder, base)).toThrow('is not what its manifest names');
    writeFileSync(join(folder, 'cordon-model.json'), manifest(digest).replace('vocab.txt', '../vocab.txt'));
    expect(() => loadModel(folder, base)).toThrow('must be a file beside the manifest');
  });
});

describe('what breaks later fails closed', () => {
  test('a file replaced since', async () => {
    writeWordModel(join(base, 'replaced'));
    const guard = createGuard({
      config: { profiles: { default: { detectors: { injection: { model: './replaced', modelMode: 'always' } } } } },
      folder: base,
    });
    writeFileSync(join(base, 'replaced', 'model.onnx'), 'other');
    const decision = await guard.assess({ text: 'apple', channel: 'user' });
    expect(decision).toMatchObject({ effect: 'block', judges: [{ status: 'failed' }] });
    expect(decision.failures.join()).toContain('changed while in use');
  });

  test('bytes that are no model', async () => {
    writeWordModel(join(base, 'junk'));
    writeFileSync(join(base, 'junk', 'model.onnx'), 'junk');
    const config = { profiles: { default: { detectors: { injection: { model: './junk', modelMode: 'always' } } } } };
    expect(await createGuard({ config, folder: base }).assess({ text: 'apple', channel: 'user' })).toMatchObject({ effect: 'block' });
  });

  test('too little time', async () => {
    const loaded = loadModel(model, base);
    const { tokenizer } = await loaded.ready();
    const slow: ModelSession = { runtime: 'slow', run: async (rows) => (await pause(200), rows.map(() => Float32Array.of(2, -2))) };
    const judge = modelJudge({ ...loaded, ready: async () => ({ tokenizer, session: slow }) }, loadClassifier(), 'always');
    const guard = createGuard({ judges: [{ judge, timeoutMs: 50 }] });
    const decision = await guard.assess({ text: 'apple', channel: 'user' });
    expect(decision).toMatchObject({ effect: 'block', judges: [{ id: 'model', status: 'failed' }] });
  });
});

test('outputs become log odds: softmax, sigmoid, several labels of attack', () => {
  const plain = { slope: 1, offset: 0, threshold: 0.5 };
  expect(attackLogOdds([1, 3], { ...plain, attack: [1] })).toBeCloseTo(2);
  expect(attackLogOdds([0.7], { ...plain, attack: [0] })).toBeCloseTo(0.7);
  expect(attackLogOdds([5, 0.7], { ...plain, attack: [1], among: [1] })).toBeCloseTo(0.7);
  expect(attackLogOdds([0, 1, 1], { ...plain, attack: [1, 2] })).toBeCloseTo(1 + Math.log(2));
  expect(attackLogOdds([1, 3], { ...plain, attack: [1], slope: 2, offset: -1 })).toBeCloseTo(3);
});

test('both together: weighted log odds, bounded at certainty', () => {
  const even = { low: 0, high: 1, classifier: 0.5, model: 0.5, offset: 0, threshold: 0.5 };
  expect(combined(0.5, 0, even)).toBeCloseTo(0.5);
  expect(combined(0.9, Math.log(9), even)).toBeCloseTo(0.9);
  expect(combined(1, -1_000, even)).toBeCloseTo(0.5);
  expect(combined(0, Number.POSITIVE_INFINITY, even)).toBeCloseTo(0.5);
});
