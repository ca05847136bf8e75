import type { ModerationOf } from '../../../core/moderation-config.ts';
import type { ModerationAdapter } from '../adapter.ts';
import { aboutAll, notAsDocumented } from '../answer.ts';
import type { ModerationRuleId } from '../rules.ts';
import { chatRequest, contentOf, turnsOf } from './chat-request.ts';

/** Hazards of Llama Guard 3 and 4. Source: their model cards. */
export const LLAMA_GUARD_CATEGORIES: Readonly<Record<string, ModerationRuleId>> = {
  S1: 'moderation.violence',
  S2: 'moderation.illicit',
  S3: 'moderation.sexual',
  S4: 'moderation.sexual-minors',
  S5: 'moderation.defamation',
  S6: 'moderation.advice',
  S7: 'moderation.privacy',
  S8: 'moderation.copyright',
  S9: 'moderation.weapons',
  S10: 'moderation.hate',
  S11: 'moderation.self-harm',
  S12: 'moderation.sexual',
  S13: 'moderation.elections',
  S14: 'moderation.code-abuse',
};

const UNSAFE = /^unsafe(?:\s+(S\d{1,2}(?:\s*,\s*S\d{1,2})*))?$/;

/** Llama Guard behind an OpenAI-compatible server, whose chat template writes the prompt. */
export function llamaGuard({ url, model, categories }: ModerationOf<'llama-guard'>): ModerationAdapter {
  return {
    // Why: its context of 8,192 tokens (Llama Guard 3) must hold the prompt too, in any script.
    limits: { length: 6_000, unit: 'utf-16', pieces: 1 },
    request: ([piece], authorization) => chatRequest({ url, model }, piece === undefined ? [] : turnsOf(piece), authorization),
    read(answer, [piece]) {
      const verdict = contentOf(answer);
      if (verdict === 'safe') return [[]];
      const unsafe = UNSAFE.exec(verdict);
      // Why: whatever else it says is no verdict, and a text that talks it into an essay must not pass.
      if (unsafe === null) throw notAsDocumented('neither safe nor unsafe');
      const text = piece?.text ?? '';
      const codes = unsafe[1]?.split(/\s*,\s*/);
      if (codes === undefined) return [[aboutAll('moderation.policy', 1, text, 'unsafe')]];
      return [
        [...new Set(codes)]
          .filter((code) => categories[code] !== 'off')
          .map((code) =>
            aboutAll(Object.hasOwn(LLAMA_GUARD_CATEGORIES, code) ? LLAMA_GUARD_CATEGORIES[code]! : 'moderation.policy', 1, text, code),
          ),
      ];
    },
  };
}
