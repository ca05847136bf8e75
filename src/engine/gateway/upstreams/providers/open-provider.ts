import type { GatewayUpstream } from '../../../../core/gateway-upstream-config.ts';
import { NO_CREDENTIAL, type Credential } from '../credentials/credential.ts';
import { headerCredential } from '../credentials/header-credential.ts';
import type { SecretReader } from '../upstreams.ts';
import { anthropic } from './anthropic.ts';
import { openaiLike } from './openai-like.ts';
import type { Provider } from './provider.ts';

/** How an upstream is spoken to, by its kind. */
export function openProvider(upstream: GatewayUpstream, secrets: SecretReader): Provider {
  switch (upstream.kind) {
    case 'openai':
    case 'ollama':
    case 'vllm':
    case 'openai-compatible':
      return openaiLike(upstream.url, bearer(secrets, upstream.apiKey));
    case 'anthropic':
      return anthropic(upstream.url, headerCredential(secrets, upstream.apiKey, 'x-api-key'), upstream.version);
    default:
      throw new Error('unreachable');
  }
}

function bearer(secrets: SecretReader, reference: string | undefined): Credential {
  return reference === undefined ? NO_CREDENTIAL : headerCredential(secrets, reference, 'authorization', 'Bearer ');
}
