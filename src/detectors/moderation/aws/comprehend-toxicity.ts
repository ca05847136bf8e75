import * as z from 'zod';
import type { ModerationOf } from '../../../core/moderation-config.ts';
import type { ModerationAdapter } from '../adapter.ts';
import { aboutAll, answerAs, notAsDocumented, scaledScore } from '../answer.ts';
import type { ModerationRuleId } from '../rules.ts';
import { awsRequest } from './aws-request.ts';

/** Labels of `DetectToxicContent`. Source: Comprehend API reference, "ToxicContent". */
export const TOXICITY_LABELS: Readonly<Record<string, ModerationRuleId>> = {
  GRAPHIC: 'moderation.violence',
  HARASSMENT_OR_ABUSE: 'moderation.harassment',
  HATE_SPEECH: 'moderation.hate',
  INSULT: 'moderation.harassment',
  PROFANITY: 'moderation.profanity',
  SEXUAL: 'moderation.sexual',
  VIOLENCE_OR_THREAT: 'moderation.violence',
};

const Share = z.number().min(0).max(1);
const Answer = z.object({
  ResultList: z.array(z.object({ Labels: z.array(z.object({ Name: z.string(), Score: Share })).min(1), Toxicity: Share })),
});

/** `DetectToxicContent` of Amazon Comprehend; it reads English only. */
export function comprehendToxicity({ url, region, threshold, categories }: ModerationOf<'aws-comprehend-toxicity'>): ModerationAdapter {
  return {
    limits: { length: 1_000, unit: 'utf-8', pieces: 10 },
    request: (pieces, authorization) =>
      awsRequest(
        { url, region, host: 'comprehend', service: 'comprehend' },
        '/',
        { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Comprehend_20171127.DetectToxicContent' },
        { LanguageCode: 'en', TextSegments: pieces.map(({ text }) => ({ Text: text })) },
        authorization,
      ),
    read(answer, pieces) {
      const { ResultList: results } = answerAs(Answer, answer);
      if (results.length !== pieces.length) throw notAsDocumented('ResultList');
      return results.map(({ Labels: labels }, index) =>
        labels.flatMap(({ Name: label, Score: value }) => {
          const score = scaledScore(label, value, 1, { threshold, categories });
          const rule = Object.hasOwn(TOXICITY_LABELS, label) ? TOXICITY_LABELS[label]! : 'moderation.policy';
          return score === undefined ? [] : [aboutAll(rule, score, pieces[index]?.text ?? '', label)];
        }),
      );
    },
  };
}
