import * as z from 'zod';
import type { ModerationOf } from '../../../core/moderation-config.ts';
import type { ModerationAdapter } from '../adapter.ts';
import { aboutAll, answerAs, notAsDocumented, scaledScore } from '../answer.ts';
import type { ModerationRuleId } from '../rules.ts';

/** Categories of `omni-moderation`. Source: API reference, "Create moderation". */
export const OPENAI_CATEGORIES: Readonly<Record<string, ModerationRuleId>> = {
  harassment: 'moderation.harassment',
  'harassment/threatening': 'moderation.harassment',
  hate: 'moderation.hate',
  'hate/threatening': 'moderation.hate',
  illicit: 'moderation.illicit',
  'illicit/violent': 'moderation.illicit',
  'self-harm': 'moderation.self-harm',
  'self-harm/intent': 'moderation.self-harm',
  'self-harm/instructions': 'moderation.self-harm',
  sexual: 'moderation.sexual',
  'sexual/minors': 'moderation.sexual-minors',
  violence: 'moderation.violence',
  'violence/graphic': 'moderation.violence',
};

/** What every model of the endpoint scores. */
const ALWAYS_THERE = ['hate', 'self-harm', 'sexual', 'violence'];

const Answer = z.object({
  results: z.array(
    z.object({
      flagged: z.boolean(),
      // Why null: categories that the model in use does not know.
      category_scores: z.record(z.string(), z.number().min(0).max(1).nullable()),
    }),
  ),
});

/** `POST /moderations` of OpenAI, and of servers that speak like it. */
export function openai({ url, model, threshold, categories }: ModerationOf<'openai'>): ModerationAdapter {
  return {
    // Why: the model reads 32,768 tokens; this many code units are fewer in any script.
    limits: { length: 16_000, unit: 'utf-16', pieces: 8 },
    request: (pieces, { apiKey }) => ({
      url: `${url.replace(/\/$/, '')}/moderations`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey ?? ''}` },
      body: JSON.stringify({ model, input: pieces.map(({ text }) => text) }),
    }),
    read(answer, pieces) {
      const { results } = answerAs(Answer, answer);
      if (results.length !== pieces.length) throw notAsDocumented('results');
      return results.map(({ flagged, category_scores: scores }, index) => {
        const known = Object.entries(scores).filter(([category]) => Object.hasOwn(OPENAI_CATEGORIES, category));
        // Why: an answer without them says nothing of them, and nothing must not mean harmless.
        if (ALWAYS_THERE.some((category) => typeof scores[category] !== 'number'))
          throw notAsDocumented(`results.${index}.category_scores`);
        const text = pieces[index]?.text ?? '';
        const found = known.flatMap(([category, value]) => {
          const score = value === null ? undefined : scaledScore(category, value, 1, { threshold, categories });
          return score === undefined ? [] : [aboutAll(OPENAI_CATEGORIES[category]!, score, text, category)];
        });
        const isNew =
          flagged &&
          Object.entries(scores).some(([category, value]) => !Object.hasOwn(OPENAI_CATEGORIES, category) && (value ?? 0) >= threshold);
        return isNew ? [...found, aboutAll('moderation.policy', 1, text, 'unknown')] : found;
      });
    },
  };
}
