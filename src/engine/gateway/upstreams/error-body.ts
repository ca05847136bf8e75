import { upstreamError } from './failure.ts';
import type { Converter } from './providers/provider.ts';

/** Why: an error of a provider is a few lines; whoever sends more sends something else. */
const MOST_BYTES = 256 * 1024;

/**
 * Holds the body of an error back until it is whole, and lets it pass only if no credential of ours is in it. Why: providers and proxies
 * in between quote what they were sent.
 */
export function checkedErrorBody(id: string, contentType: string, secrets: readonly string[]): Converter {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    contentType,
    push(chunk) {
      length += chunk.length;
      if (length > MOST_BYTES) throw upstreamError(id, `the body of its error has more than ${MOST_BYTES} bytes`);
      chunks.push(chunk);
      return NOTHING;
    },
    end() {
      const body = Buffer.concat(chunks);
      if (secrets.some((secret) => secret !== '' && body.includes(secret)))
        throw upstreamError(id, 'its error quotes a credential and is not passed on');
      return body;
    },
  };
}

const NOTHING = Buffer.alloc(0);
