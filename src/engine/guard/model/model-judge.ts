import { type Detection, type Segment, trustOf } from '../../../core/text.ts';
import { type Classifier, scoreOf } from '../../../detectors/classified.ts';
import { MODEL_RULES } from '../../../detectors/model-rules.ts';
import { TextSubject } from '../../../detectors/text-subject.ts';
import type { Judge } from '../judge.ts';
import type { GuardModel } from './load-model.ts';
import { type PickedWindow, pickWindows } from './pick-windows.ts';
import { attackLogOdds, combined, sigmoid } from './probability.ts';

/** When the model is asked: where the classifier is uncertain, or always. */
export type ModelMode = 'uncertain' | 'always';

/** Below this probability of the classifier a model without a measured combination is not asked in the mode `uncertain`. */
const LOW = 0.02;

/** What the classifier makes of a text, found out once for `wants` and `judge`. */
interface FirstLook {
  readonly subject: TextSubject;
  readonly head: 'user' | 'document';
  readonly probability: number;
}

/** A transformer as a judge: it reads windows of tokens and decides, where that was measured, together with the classifier. */
export function modelJudge(model: GuardModel, classifier: Classifier, mode: ModelMode): Judge {
  const { manifest } = model;
  const looks = new WeakMap<Segment, FirstLook>();

  function look(segment: Segment): FirstLook {
    const known = looks.get(segment);
    if (known !== undefined) return known;
    const subject = new TextSubject(segment);
    const head = trustOf(segment.channel) === 'untrusted' ? 'document' : 'user';
    const fresh: FirstLook = { subject, head, probability: worstOf(subject, head, classifier) };
    looks.set(segment, fresh);
    return fresh;
  }

  return {
    id: 'model',
    rules: MODEL_RULES,
    channels: ['user', 'document', 'tool-result', 'tool-description'],
    wants(segment) {
      if (mode === 'always') return true;
      const { head, probability } = look(segment);
      const band = manifest.combine?.[head];
      return probability >= (band?.low ?? LOW) && probability < (band?.high ?? 1);
    },
    async judge(segment, _soFar, signal): Promise<readonly Detection[]> {
      const { subject, head, probability } = look(segment);
      const { tokenizer, session } = await model.ready();
      const picked = pickWindows(subject, tokenizer, manifest, (text) => classifier.score(text, head).probability);
      let worst: { readonly window: PickedWindow; readonly logOdds: number } | undefined;
      for (let at = 0; at < picked.length; at += manifest.batch) {
        // Why: WebAssembly computes on this thread, and timers and other calls must get their turn.
        await new Promise((resolve) => void setImmediate(resolve));
        signal.throwIfAborted();
        const batch = picked.slice(at, at + manifest.batch);
        const rows = await session.run(batch.map(({ ids }) => ids));
        for (const [n, window] of batch.entries()) {
          const logOdds = attackLogOdds(rows[n]!, manifest.heads[head]);
          if (worst === undefined || logOdds > worst.logOdds) worst = { window, logOdds };
        }
      }
      if (worst === undefined) return [];
      const together = manifest.combine?.[head];
      const threshold = together?.threshold ?? manifest.heads[head].threshold;
      const said = together === undefined ? sigmoid(worst.logOdds) : combined(probability, worst.logOdds, together);
      const score = scoreOf(said, threshold, Math.max(threshold, together?.sure ?? 0));
      if (score < LISTED) return [];
      const { view, span } = worst.window;
      const original = view.toOriginal(span.start, span.end);
      const decoding = subject.decodingOf(view, span.start, span.end, original);
      return [{ rule: head === 'user' ? 'injection.model' : 'indirect.model', span: original, score, decoding }];
    },
  };
}

/** A lower score is no doubt worth listing. */
const LISTED = 0.125;

function worstOf(subject: TextSubject, head: 'user' | 'document', classifier: Classifier): number {
  let worst = 0;
  for (const view of subject.views) {
    const { probability, span } = classifier.score(view.text, head);
    if (probability > worst && !subject.isRepeated(view, span.start, span.end)) worst = probability;
  }
  return worst;
}
