import type { GUARDIAN_RISKS, ModerationOf } from '../../../core/moderation-config.ts';
import type { ModerationAdapter } from '../adapter.ts';
import { aboutAll, notAsDocumented } from '../answer.ts';
import type { ModerationRuleId } from '../rules.ts';
import { chatRequest, contentOf, turnsOf } from './chat-request.ts';

/** Risks of Granite Guardian. Source: its model card. */
export const YES_NO_RISKS: Readonly<Record<(typeof GUARDIAN_RISKS)[number], ModerationRuleId>> = {
  harm: 'moderation.policy',
  social_bias: 'moderation.hate',
  jailbreak: 'moderation.jailbreak',
  violence: 'moderation.violence',
  profanity: 'moderation.profanity',
  sexual_content: 'moderation.sexual',
  unethical_behavior: 'moderation.illicit',
};

/** `Yes`, with Granite's confidence or score around it, or the JSON of its newer adapters. */
const VERDICT =
  /^(?:<think>[^<]{0,20000}<\/think>\s*)?(?:(yes|no)\b[.]?(?:\s*<confidence>\s*\w{1,10}\s*<\/confidence>)?|<score>\s*(yes|no)\s*<\/score>|\{\s*"score"\s*:\s*"(yes|no)"\s*\})$/i;

/** A model that answers with yes (there is a risk) or no: Granite Guardian, ShieldGemma, and others of their kind. */
export function yesNoModel({ url, model, risk, riskAs }: ModerationOf<'yes-no-model'>): ModerationAdapter {
  return {
    limits: { length: 6_000, unit: 'utf-16', pieces: 1 },
    request: ([piece], authorization) => {
      const turns = piece === undefined ? [] : turnsOf(piece);
      return chatRequest(
        { url, model },
        riskAs === 'system' ? [{ role: 'system', content: risk }, ...turns] : turns,
        authorization,
        riskAs === 'guardian_config' ? { chat_template_kwargs: { guardian_config: { risk_name: risk } } } : {},
      );
    },
    read(answer, [piece]) {
      const [, ...said] = VERDICT.exec(contentOf(answer)) ?? [];
      const verdict = said.find((word) => word !== undefined)?.toLowerCase();
      if (verdict === undefined) throw notAsDocumented('neither yes nor no');
      return [verdict === 'no' ? [] : [aboutAll(YES_NO_RISKS[risk], 1, piece?.text ?? '', risk)]];
    },
  };
}
