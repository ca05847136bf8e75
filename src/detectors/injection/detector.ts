import type { Detection } from '../../core/text.ts';
import type { PhraseKind } from '../../patterns/phrases/phrase.ts';
import { classified } from '../classified.ts';
import { detector } from '../detector.ts';
import { forgeries } from '../forgeries.ts';
import type { TextSubject } from '../text-subject.ts';

const MAPS = ['OWASP-LLM01:2025', 'ATLAS:AML.T0051.000', 'ATLAS:AML.T0054'];

const RULES = [
  {
    id: 'injection.override',
    title: 'The user tells the model to disregard its instructions',
    severity: 'high',
    why: 'A model that drops its instructions drops the limits that the application relies on.',
    fix: 'Refuse the prompt, or answer it without tools and without confidential context.',
    maps: MAPS,
  },
  {
    id: 'injection.role-reset',
    title: 'The user gives the model a new set of instructions or a new identity',
    severity: 'high',
    why: 'New instructions in the place of the old ones undo the application’s own.',
    fix: 'Refuse the prompt, or answer it without tools and without confidential context.',
    maps: MAPS,
  },
  {
    id: 'injection.unrestricted-persona',
    title: 'The user asks the model to play a persona without limits',
    severity: 'high',
    why: 'Personas such as a developer mode are the commonest way of making a model ignore its safety training.',
    fix: 'Refuse the prompt.',
    maps: MAPS,
  },
  {
    id: 'injection.forced-compliance',
    title: 'The user forbids the model to refuse',
    severity: 'medium',
    why: 'Forbidding refusals, warnings and disclaimers is part of most jailbreaks.',
    fix: 'Review the prompt; on its own it may be a matter of style.',
    maps: MAPS,
  },
  {
    id: 'injection.pretext',
    title: 'A harmful request comes in a wrapping that is to get it answered',
    severity: 'high',
    why: 'A novel that needs exact amounts, an answer that must begin with "of course": what a model refuses when asked plainly it may do in such a wrapping.',
    fix: 'Refuse the prompt.',
    maps: MAPS,
  },
  {
    id: 'injection.fake-turn',
    title: 'The prompt contains turns or control tokens of a chat template',
    severity: 'high',
    why: 'Where the application pastes text into a template, a forged system turn has the operator’s authority.',
    fix: 'Remove control tokens from user text; send roles only as separate messages.',
    maps: MAPS,
  },
  {
    id: 'injection.hidden-text',
    title: 'The prompt carries text in characters that nobody sees',
    severity: 'high',
    why: 'Invisible characters smuggle instructions past people and filters into a prompt that somebody was told to paste.',
    fix: 'Remove the invisible characters and look at what they say.',
    maps: [...MAPS, 'CWE-1007'],
  },
  {
    id: 'injection.classifier',
    title: 'The trained classifier takes it for an attack',
    severity: 'high',
    why: 'The classifier learned from many attacks what no rule spells out. Its threshold lets through all but one in a hundred ordinary texts.',
    fix: 'Look at the span. Switch the rule off (exceptRules) where it is wrong for your texts.',
    maps: MAPS,
  },
] as const;

type RuleId = (typeof RULES)[number]['id'];

const BY_KIND: Partial<Record<PhraseKind, RuleId>> = {
  override: 'injection.override',
  reset: 'injection.role-reset',
  persona: 'injection.unrestricted-persona',
  compliance: 'injection.forced-compliance',
  pretext: 'injection.pretext',
};

/** Direct injection and jailbreaks in what the user says. */
export const injection = detector({
  id: 'injection',
  title: 'Direct prompt injection and jailbreaks',
  rules: RULES,
  channels: ['user'],
  compile: () => inspect,
});

function* inspect(subject: TextSubject): Generator<Detection<RuleId>> {
  for (const { kind, span, score, decoding } of subject.phrases) {
    const rule = BY_KIND[kind];
    if (rule !== undefined) yield { rule, span, score, decoding };
  }
  yield* forgeries(subject, { turn: 'injection.fake-turn', hidden: 'injection.hidden-text' });
  yield* classified(subject, 'injection.classifier', 'user');
}
