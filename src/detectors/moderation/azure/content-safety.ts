import * as z from 'zod';
import type { ModerationOf } from '../../../core/moderation-config.ts';
import type { Authorization, ModerationAdapter, OutgoingRequest } from '../adapter.ts';
import { aboutAll, answerAs, notAsDocumented, scaledScore } from '../answer.ts';
import type { ModerationRuleId } from '../rules.ts';

/** Why pinned: another version may answer in another form. */
const API_VERSION = '2024-09-01';
const HIGHEST_SEVERITY = 7;

/** Harm categories. Source: REST reference, "Text Operations - Analyze Text". */
export const AZURE_CATEGORIES: Readonly<Record<string, ModerationRuleId>> = {
  Hate: 'moderation.hate',
  SelfHarm: 'moderation.self-harm',
  Sexual: 'moderation.sexual',
  Violence: 'moderation.violence',
};

const Answer = z.object({
  blocklistsMatch: z.array(z.object({ blocklistName: z.string() })).default([]),
  categoriesAnalysis: z.array(z.object({ category: z.string(), severity: z.int().min(0).max(HIGHEST_SEVERITY) })),
});

/** `text:analyze` of Azure AI Content Safety, on its scale of eight severities. */
export function azureContentSafety({ url, threshold, categories, blocklists }: ModerationOf<'azure-content-safety'>): ModerationAdapter {
  return {
    // Why UTF-16: the limit is 10,000 code points, which are never more code units than that.
    limits: { length: 10_000, unit: 'utf-16', pieces: 1 },
    request: ([piece], authorization) =>
      azureRequest(url, 'text:analyze', authorization, {
        text: piece?.text ?? '',
        categories: Object.keys(AZURE_CATEGORIES),
        outputType: 'EightSeverityLevels',
        ...(blocklists.length > 0 && { blocklistNames: blocklists, haltOnBlocklistHit: false }),
      }),
    read(answer, [piece]) {
      const { blocklistsMatch, categoriesAnalysis } = answerAs(Answer, answer);
      const text = piece?.text ?? '';
      const seen = new Set(categoriesAnalysis.map(({ category }) => category));
      if (Object.keys(AZURE_CATEGORIES).some((category) => !seen.has(category))) throw notAsDocumented('categoriesAnalysis');
      const harms = categoriesAnalysis.flatMap(({ category, severity }) => {
        const score = scaledScore(category, severity, HIGHEST_SEVERITY, { threshold, categories });
        const rule = Object.hasOwn(AZURE_CATEGORIES, category) ? AZURE_CATEGORIES[category]! : 'moderation.policy';
        return score === undefined ? [] : [aboutAll(rule, score, text, category)];
      });
      return [blocklistsMatch.length === 0 ? harms : [...harms, aboutAll('moderation.policy', 1, text, 'blocklist')]];
    },
  };
}

/** A request to a resource of Azure AI Content Safety. */
export function azureRequest(url: string, operation: string, { apiKey }: Authorization, body: object): OutgoingRequest {
  return {
    url: `${url.replace(/\/$/, '')}/contentsafety/${operation}?api-version=${API_VERSION}`,
    headers: { 'content-type': 'application/json', 'ocp-apim-subscription-key': apiKey ?? '' },
    body: JSON.stringify(body),
  };
}
