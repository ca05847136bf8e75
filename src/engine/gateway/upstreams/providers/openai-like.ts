import { type Credential } from '../credentials/credential.ts';
import type { Provider } from './provider.ts';

/** OpenAI and whatever speaks as it does: the path is appended to the address as it is configured. */
export function openaiLike(url: string, credential: Credential): Provider {
  const base = basePath(url);
  return {
    url,
    credential,
    protocolOf: () => 'openai',
    outgoing: (_request, _target, path, body) => ({ path: `${base}${path}`, body }),
  };
}

/** The path of an address without a slash at its end, `/v1` where it has none. */
export function basePath(url: string): string {
  const path = new URL(url).pathname.replace(/\/+$/, '');
  return path === '' ? '/v1' : path;
}
