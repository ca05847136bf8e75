import type { Detection } from '../../core/text.ts';
import { detector, type DetectorOptions } from '../detector.ts';
import type { TextSubject } from '../text-subject.ts';
import { PromptOverlap } from './prompt-overlap.ts';

const RULES = [
  {
    id: 'extraction.prompt-request',
    title: 'The user asks for the system prompt or for what it hides',
    severity: 'high',
    why: 'A system prompt shows how the application is protected, and often holds what it should keep.',
    fix: 'Refuse the prompt. Keep nothing in the system prompt whose disclosure would hurt.',
    maps: ['OWASP-LLM07:2025', 'ATLAS:AML.T0056'],
  },
  {
    id: 'extraction.canary',
    title: 'The output holds a token that was planted in the system prompt',
    severity: 'critical',
    why: 'The token stands nowhere else: the model is giving away its system prompt.',
    fix: 'Stop the answer.',
    maps: ['OWASP-LLM07:2025', 'ATLAS:AML.T0056'],
  },
  {
    id: 'extraction.prompt-leak',
    title: 'The output repeats the system prompt',
    severity: 'high',
    why: 'A long row of the same words is a quotation: the model is giving away its system prompt.',
    fix: 'Stop the answer.',
    maps: ['OWASP-LLM07:2025', 'ATLAS:AML.T0056'],
  },
] as const;

type RuleId = (typeof RULES)[number]['id'];

const DEFAULT_OVERLAP = 12;
/** Compiled system prompts that are kept, and code units of all of them. Why: a hostile caller must not fill the memory. */
const MAX_KEPT = 256;
const MAX_KEPT_UNITS = 1_000_000;

/** Requests for the system prompt, and its leakage into output. */
export const extraction = detector({
  id: 'extraction',
  title: 'System prompt extraction and leakage',
  rules: RULES,
  channels: ['user', 'assistant', 'reasoning', 'tool-arguments'],
  compile,
});

function compile(options: DetectorOptions<'extraction'>): (subject: TextSubject) => Generator<Detection<RuleId>> {
  const length = options.overlapWords ?? DEFAULT_OVERLAP;
  const kept = new Map<string, PromptOverlap>();
  let units = 0;
  function overlapWith(systemPrompt: string): PromptOverlap {
    const known = kept.get(systemPrompt);
    if (known !== undefined) return known;
    const made = new PromptOverlap(systemPrompt, length);
    kept.set(systemPrompt, made);
    units += systemPrompt.length;
    for (const oldest of kept.keys()) {
      if (kept.size <= 1 || (kept.size <= MAX_KEPT && units <= MAX_KEPT_UNITS)) break;
      kept.delete(oldest);
      units -= oldest.length;
    }
    return made;
  }
  return function* inspect(subject): Generator<Detection<RuleId>> {
    if (subject.segment.channel === 'user') {
      for (const { kind, span, score, decoding } of subject.phrases) {
        if (kind === 'extraction') yield { rule: 'extraction.prompt-request', span, score, decoding };
      }
      return;
    }
    const { systemPrompt, canaries = [] } = subject.surroundings;
    for (const canary of [...(options.canaries ?? []), ...canaries]) yield* findCanary(subject, canary);
    if (systemPrompt === undefined) return;
    const { map, text } = subject.normalised;
    for (const { start, end } of overlapWith(systemPrompt).find(text)) {
      yield { rule: 'extraction.prompt-leak', span: map.toOriginal(start, end), score: 1 };
    }
  };
}

/** Looks in every view, and without regard to case: a model asked to encode its prompt does so. */
function* findCanary(subject: TextSubject, canary: string): Generator<Detection<RuleId>> {
  if (canary.length < 8) return;
  const wanted = canary.toLowerCase();
  for (const view of subject.views) {
    const start = view.text.toLowerCase().indexOf(wanted);
    if (start === -1) continue;
    const end = Math.min(start + wanted.length, view.text.length);
    yield { rule: 'extraction.canary', span: view.toOriginal(start, end), score: 1, decoding: view.decoding };
    return;
  }
}
