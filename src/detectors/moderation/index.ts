import type { ModerationConfig, ModerationOf } from '../../core/moderation-config.ts';
import type { ModerationAdapter } from './adapter.ts';
import { bedrockGuardrail } from './aws/bedrock-guardrail.ts';
import { comprehendPii } from './aws/comprehend-pii.ts';
import { comprehendToxicity, TOXICITY_LABELS } from './aws/comprehend-toxicity.ts';
import { AZURE_CATEGORIES, azureContentSafety } from './azure/content-safety.ts';
import { azurePromptShields } from './azure/prompt-shields.ts';
import { LLAMA_GUARD_CATEGORIES, llamaGuard } from './chat/llama-guard.ts';
import { yesNoModel } from './chat/yes-no.ts';
import { openai, OPENAI_CATEGORIES } from './openai/adapter.ts';

type Provider = ModerationConfig['provider'];

/** How to speak to each provider. */
const ADAPTERS: { readonly [P in Provider]: (config: ModerationOf<P>) => ModerationAdapter } = {
  openai,
  'azure-content-safety': azureContentSafety,
  'azure-prompt-shields': azurePromptShields,
  'aws-comprehend-toxicity': comprehendToxicity,
  'aws-comprehend-pii': comprehendPii,
  'aws-bedrock-guardrail': bedrockGuardrail,
  'llama-guard': llamaGuard,
  'yes-no-model': yesNoModel,
};

/** Categories that a configuration may name, where a provider's are a closed list. */
export const CATEGORIES: { readonly [P in Provider]?: readonly string[] } = {
  openai: Object.keys(OPENAI_CATEGORIES),
  'azure-content-safety': Object.keys(AZURE_CATEGORIES),
  'aws-comprehend-toxicity': Object.keys(TOXICITY_LABELS),
  'llama-guard': Object.keys(LLAMA_GUARD_CATEGORIES),
};

/** The adapter of a configuration. */
export function adapterOf(config: ModerationConfig): ModerationAdapter {
  return (ADAPTERS[config.provider] as (own: ModerationConfig) => ModerationAdapter)(config);
}
