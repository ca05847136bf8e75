import * as z from 'zod';
import type { ModerationOf } from '../../../core/moderation-config.ts';
import type { ModerationAdapter } from '../adapter.ts';
import { answerAs, notAsDocumented, scaledScore } from '../answer.ts';
import { awsRequest } from './aws-request.ts';
import { codePointOffsets } from './code-points.ts';

const Answer = z.object({
  Entities: z.array(
    z.object({
      BeginOffset: z.int().min(0),
      EndOffset: z.int().min(0),
      Score: z.number().min(0).max(1),
      Type: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
    }),
  ),
});

/** `DetectPiiEntities` of Amazon Comprehend: names and addresses too, which patterns do not know. */
export function comprehendPii({ url, region, language, threshold, categories }: ModerationOf<'aws-comprehend-pii'>): ModerationAdapter {
  return {
    // Why less than the 100 KB that it reads: an answer lists every entity, and answers are bounded too.
    limits: { length: 50_000, unit: 'utf-8', pieces: 1 },
    request: ([piece], authorization) =>
      awsRequest(
        { url, region, host: 'comprehend', service: 'comprehend' },
        '/',
        { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Comprehend_20171127.DetectPiiEntities' },
        { LanguageCode: language, Text: piece?.text ?? '' },
        authorization,
      ),
    read(answer, [piece]) {
      const { Entities: entities } = answerAs(Answer, answer);
      const offsets = codePointOffsets(piece?.text ?? '');
      return [
        entities.flatMap(({ BeginOffset: begin, EndOffset: end, Score: value, Type: entity }) => {
          const span = { start: offsets[begin] ?? -1, end: offsets[end] ?? -1 };
          if (span.start < 0 || span.end <= span.start) throw notAsDocumented('Entities');
          const score = scaledScore(entity, value, 1, { threshold, categories });
          return score === undefined ? [] : [{ rule: 'moderation.pii' as const, span, score, entity }];
        }),
      ];
    },
  };
}
