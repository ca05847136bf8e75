import type { GatewayUpstream } from '../../../../core/gateway-upstream-config.ts';
import { awsCredential } from '../credentials/aws.ts';
import { NO_CREDENTIAL, type Credential } from '../credentials/credential.ts';
import { entraCredential } from '../credentials/entra.ts';
import { googleCredential } from '../credentials/google.ts';
import { headerCredential } from '../credentials/header-credential.ts';
import type { SecretReader } from '../upstreams.ts';
import { anthropic } from './anthropic.ts';
import { azureOpenai } from './azure-openai.ts';
import { bedrock } from './bedrock.ts';
import { openaiLike } from './openai-like.ts';
import type { Provider } from './provider.ts';
import { vertex } from './vertex.ts';

/** How an upstream is spoken to, by its kind. */
export function openProvider(upstream: GatewayUpstream, secrets: SecretReader, now: () => number): Provider {
  switch (upstream.kind) {
    case 'openai':
    case 'ollama':
    case 'vllm':
    case 'openai-compatible':
      return openaiLike(upstream.url, bearer(secrets, upstream.apiKey));
    case 'anthropic':
      return anthropic(upstream.url, headerCredential(secrets, upstream.apiKey, 'x-api-key'), upstream.version);
    case 'azure-openai':
      return azureOpenai(
        upstream,
        upstream.entra === undefined
          ? headerCredential(secrets, upstream.apiKey ?? '', 'api-key')
          : entraCredential(upstream.entra, secrets, now),
      );
    case 'bedrock':
      return bedrock(
        upstream,
        upstream.apiKey === undefined ? awsCredential(upstream.credentials, secrets, now) : bearer(secrets, upstream.apiKey),
      );
    case 'vertex':
      return vertex(upstream, googleCredential(upstream, secrets, now));
  }
}

function bearer(secrets: SecretReader, reference: string | undefined): Credential {
  return reference === undefined ? NO_CREDENTIAL : headerCredential(secrets, reference, 'authorization', 'Bearer ');
}
