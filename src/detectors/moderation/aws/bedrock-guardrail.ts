import * as z from 'zod';
import type { ModerationOf } from '../../../core/moderation-config.ts';
import { trustOf } from '../../../core/text.ts';
import type { ModerationAdapter, ModerationDetection } from '../adapter.ts';
import { aboutAll, answerAs, entityOf } from '../answer.ts';
import type { ModerationRuleId } from '../rules.ts';
import { awsRequest } from './aws-request.ts';

/** Types of content filters. Source: Bedrock API reference, "GuardrailContentFilter". */
export const BEDROCK_FILTERS: Readonly<Record<string, ModerationRuleId>> = {
  HATE: 'moderation.hate',
  INSULTS: 'moderation.harassment',
  MISCONDUCT: 'moderation.illicit',
  PROMPT_ATTACK: 'moderation.jailbreak',
  SEXUAL: 'moderation.sexual',
  VIOLENCE: 'moderation.violence',
};

/** Why: beyond this the text is personal data as a whole, and an answer must not cost more than the text. */
const MOST_PLACES = 10_000;

const Entry = z.object({ action: z.string() });
const Named = Entry.extend({ type: z.string().max(100).optional(), name: z.string().max(200).optional() });
const Matched = Named.extend({ match: z.string().max(1_000_000).optional() });
const list = <T extends z.ZodType>(item: T) => z.array(item).max(10_000).nullish();

const Answer = z.object({
  action: z.enum(['NONE', 'GUARDRAIL_INTERVENED']),
  assessments: z
    .array(
      z.object({
        contentPolicy: z.object({ filters: list(Named) }).nullish(),
        topicPolicy: z.object({ topics: list(Named) }).nullish(),
        wordPolicy: z.object({ customWords: list(Entry), managedWordLists: list(Named) }).nullish(),
        sensitiveInformationPolicy: z.object({ piiEntities: list(Matched), regexes: list(Matched) }).nullish(),
      }),
    )
    .max(100),
});
type Assessment = z.infer<typeof Answer>['assessments'][number];

/** `ApplyGuardrail` of Amazon Bedrock. Its filters, topics and words are set up there; this reports what intervened. */
export function bedrockGuardrail({ url, region, guardrail, version }: ModerationOf<'aws-bedrock-guardrail'>): ModerationAdapter {
  return {
    limits: { length: 20_000, unit: 'utf-16', pieces: 1 },
    request: ([piece], authorization) =>
      awsRequest(
        { url, region, host: 'bedrock-runtime', service: 'bedrock' },
        `/guardrail/${encodeURIComponent(guardrail)}/version/${version}/apply`,
        { 'content-type': 'application/json', accept: 'application/json' },
        {
          source: piece !== undefined && trustOf(piece.channel) === 'model' ? 'OUTPUT' : 'INPUT',
          content: [{ text: { text: piece?.text ?? '' } }],
        },
        authorization,
      ),
    read(answer, [piece]) {
      const { action, assessments } = answerAs(Answer, answer);
      if (action === 'NONE') return [[]];
      const text = piece?.text ?? '';
      const found = assessments.flatMap((assessment) => [...refused(assessment, text), ...personal(assessment, text)]);
      // Why: it intervened for a reason that we cannot read, and that is one all the same.
      return [found.length > 0 ? found : [aboutAll('moderation.policy', 1, text, 'GUARDRAIL')]];
    },
  };
}

function refused({ contentPolicy, topicPolicy, wordPolicy }: Assessment, text: string): readonly ModerationDetection[] {
  const filters = acted(contentPolicy?.filters).map(({ type = '' }) =>
    aboutAll(Object.hasOwn(BEDROCK_FILTERS, type) ? BEDROCK_FILTERS[type]! : 'moderation.policy', 1, text, type || 'CONTENT'),
  );
  const words = [...acted(wordPolicy?.customWords), ...acted(wordPolicy?.managedWordLists)];
  return [
    ...filters,
    ...(acted(topicPolicy?.topics).length > 0 ? [aboutAll('moderation.policy', 1, text, 'TOPIC')] : []),
    ...(words.length > 0 ? [aboutAll('moderation.policy', 1, text, 'WORD')] : []),
  ];
}

/** Personal data by what was matched: the answer has no offsets. What it blocks blocks here too, beside being replaced. */
function personal({ sensitiveInformationPolicy: policy }: Assessment, text: string): readonly ModerationDetection[] {
  const entries = [...acted(policy?.piiEntities), ...acted(policy?.regexes)];
  const blocks = entries.some(({ action }) => action !== 'ANONYMIZED');
  const matches = new Map(entries.map(({ match = '', type = 'PERSONAL' }) => [match, entityOf(type)]));
  const spans: ModerationDetection[] = [];
  for (const [match, entity] of matches) {
    for (const span of placesOf(match, text)) spans.push({ rule: 'moderation.pii', score: 1, span, entity });
    if (spans.length > MOST_PLACES) return [aboutAll('moderation.pii', 1, text, 'PERSONAL'), aboutAll('moderation.policy', 1, text, 'PII')];
  }
  return blocks ? [...spans, aboutAll('moderation.policy', 1, text, 'PII')] : spans;
}

/** Every place of a match; the whole text where there is none, because something in it is to be replaced. */
function placesOf(match: string, text: string): readonly { readonly start: number; readonly end: number }[] {
  const places = [];
  if (match !== '')
    for (let at = text.indexOf(match); at >= 0; at = text.indexOf(match, at + match.length))
      places.push({ start: at, end: at + match.length });
  return places.length > 0 ? places : [{ start: 0, end: text.length }];
}

/** What did something: with `outputScope: FULL` or in detect mode entries are listed whose action is `NONE`. */
function acted<T extends { readonly action: string }>(entries: readonly T[] | null | undefined): readonly T[] {
  return (entries ?? []).filter(({ action }) => action !== 'NONE');
}
