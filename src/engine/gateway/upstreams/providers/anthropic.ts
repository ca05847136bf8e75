import { type Credential } from '../credentials/credential.ts';
import type { Provider } from './provider.ts';
import { basePath } from './openai-like.ts';

/** Anthropic, and servers that speak as it does. */
export function anthropic(url: string, credential: Credential, version: string): Provider {
  const base = basePath(url);
  const headers = ['anthropic-version', version];
  return {
    url,
    credential,
    protocolOf: () => 'anthropic',
    outgoing: (request, _target, path, body) => ({
      path: `${base}${path}`,
      body,
      ...(request.headers['anthropic-version'] === undefined && { headers }),
    }),
  };
}
