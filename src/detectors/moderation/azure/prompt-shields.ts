import * as z from 'zod';
import type { ModerationOf } from '../../../core/moderation-config.ts';
import { trustOf } from '../../../core/text.ts';
import type { ModerationAdapter } from '../adapter.ts';
import { aboutAll, answerAs, notAsDocumented } from '../answer.ts';
import { azureRequest } from './content-safety.ts';

const Analysis = z.object({ attackDetected: z.boolean() });
const Answer = z.object({
  userPromptAnalysis: Analysis.nullish(),
  documentsAnalysis: z.array(Analysis).nullish(),
});

/** `text:shieldPrompt` of Azure AI Content Safety: what users write goes as prompt, what anybody may have written as document. */
export function azurePromptShields({ url }: ModerationOf<'azure-prompt-shields'>): ModerationAdapter {
  return {
    // Why: prompt and documents have 10,000 characters each; one piece for each request keeps the two apart.
    limits: { length: 10_000, unit: 'utf-16', pieces: 1 },
    channels: ['user', 'document', 'tool-result', 'tool-description'],
    request: ([piece], authorization) =>
      azureRequest(
        url,
        'text:shieldPrompt',
        authorization,
        piece?.channel === 'user' ? { userPrompt: piece.text } : { documents: [piece?.text ?? ''] },
      ),
    read(answer, [piece]) {
      const { userPromptAnalysis, documentsAnalysis } = answerAs(Answer, answer);
      const text = piece?.text ?? '';
      const isDocument = piece !== undefined && trustOf(piece.channel) === 'untrusted';
      const analysis = isDocument ? documentsAnalysis?.[0] : userPromptAnalysis;
      if (analysis === undefined || analysis === null) throw notAsDocumented(isDocument ? 'documentsAnalysis' : 'userPromptAnalysis');
      if (!analysis.attackDetected) return [[]];
      return [
        [
          isDocument
            ? aboutAll('moderation.document-attack', 1, text, 'DocumentAttack')
            : aboutAll('moderation.jailbreak', 1, text, 'UserPromptAttack'),
        ],
      ];
    },
  };
}
