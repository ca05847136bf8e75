import * as z from 'zod';
import { CordonError, errorMessage } from '../../core/errors.ts';

const Endpoint = z
  .url({ protocol: /^https?$/ })
  // Why: whoever can change a plain connection can hand out keys of their own.
  .refine((url) => url.startsWith('https:') || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$)/.test(url), 'use https');

const Discovery = z.object({
  issuer: z.string(),
  jwks_uri: Endpoint,
  authorization_endpoint: Endpoint.optional(),
  token_endpoint: Endpoint.optional(),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
});
/** What an identity provider says of itself (OpenID Connect Discovery 1.0). */
export type Discovery = z.infer<typeof Discovery>;

const TIMEOUT_MS = 5_000;
/** Why: documents and key sets have a few kilobytes; more is a mistake or an attack. */
const MAX_BYTES = 1024 * 1024;

/** Fetches the discovery document. Why the issuer in it must be the configured one: else any server could speak for it. */
export async function discover(issuer: string): Promise<Discovery> {
  const response = await boundedFetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {});
  const parsed = Discovery.safeParse(await json(response));
  if (!parsed.success) throw new CordonError('network.refused', `the discovery document of ${issuer} cannot be used`);
  if (parsed.data.issuer !== issuer)
    throw new CordonError('network.refused', `${issuer} says that it is ${parsed.data.issuer.slice(0, 200)}`);
  return parsed.data;
}

/** Fetch with a time limit, without redirects, answering a body that was read within bounds. */
export async function boundedFetch(url: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    return new Response(Buffer.concat(chunks), { status: response.status, headers: response.headers });
  } catch (error) {
    throw new CordonError('network.refused', `${new URL(url).origin} did not answer: ${errorMessage(error)}`, { cause: error });
  }
}

/** The JSON of a successful answer. */
export async function json(response: Response): Promise<unknown> {
  if (!response.ok) throw new CordonError('network.refused', `the identity provider answered ${response.status}`);
  try {
    return await response.json();
  } catch (error) {
    throw new CordonError('network.refused', 'the identity provider answered something that is not JSON', { cause: error });
  }
}
