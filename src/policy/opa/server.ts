import * as z from 'zod';
import type { Decision, Reason } from '../../core/decision.ts';
import { CordonError, errorCode, errorMessage } from '../../core/errors.ts';
import { digestOf } from '../digest-of.ts';
import { toDecision } from '../decision.ts';
import type { ResolvedGate } from '../gates.ts';
import type { PolicyInput } from '../input-document.ts';
import { reasonsOf, unavailable } from './result.ts';

/** Why: an answer is a list of reasons; a server that sends more is not answering. */
const MAX_ANSWER = 8 * 1024 * 1024;

/** An OPA server to decide with. */
export interface ServerPolicyOptions {
  readonly gate: ResolvedGate;
  /** Address without `/v1/data`. */
  readonly url: string;
  /** Path of the rule, for example `cordon/decision`. */
  readonly path: string;
  readonly timeoutMs: number;
  /** The bearer token as it is now: it may be rotated between two questions. */
  readonly token?: (() => Promise<string>) | undefined;
}

const Answer = z.object({
  result: z.unknown().optional(),
  provenance: z.object({ bundles: z.record(z.string(), z.unknown()).optional() }).optional(),
});

/** Prepares to ask an OPA server (`POST /v1/data/<path>`). Whatever goes wrong while asking denies and says so. */
export function openServerPolicy(options: ServerPolicyOptions): (input: PolicyInput) => Promise<Decision> {
  const { gate, token, path } = options;
  const url = new URL(`v1/data/${path}?provenance=true`, options.url.endsWith('/') ? options.url : `${options.url}/`);
  if (url.username !== '' || url.password !== '') {
    throw new CordonError('config.invalid', 'policy.url must not hold a user or password; use policy.token');
  }
  if (token !== undefined && url.protocol !== 'https:' && !isLoopback(url.hostname)) {
    throw new CordonError('config.invalid', `policy.url: a token is only sent over https, not to ${url.origin}`);
  }
  return async (input) => {
    const { reasons, bundles } = await ask(url, options, input);
    // Why the revisions: the server's policy can change between two decisions, and this is all that it tells of itself.
    const policy = digestOf({ engine: 'opa-server', url: `${url.origin}${url.pathname}`, bundles });
    return toDecision({ engine: 'opa-server', policy, allowIncomplete: gate.allowIncomplete, reasons }, input);
  };
}

interface Answered {
  readonly reasons: readonly Reason[];
  readonly bundles: unknown;
}

async function ask(url: URL, { timeoutMs, token }: ServerPolicyOptions, input: PolicyInput): Promise<Answered> {
  const denied = (why: string): Answered => ({ reasons: [unavailable(`${url.origin}: ${why}`)], bundles: null });
  let bearer: string | undefined;
  try {
    bearer = await token?.();
  } catch (error) {
    return denied(`its token cannot be had (${errorCode(error) ?? 'unknown'})`);
  }
  // Why: what cannot be a header would be quoted in the error of whoever sends it.
  if (bearer !== undefined && !/^[\x21-\x7e]+$/.test(bearer)) return denied('its token is none that can be sent');
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
      body: JSON.stringify({ input }),
      // Why: a redirect would hand the input, and the token, to somebody else.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) return denied(`it answered with status ${response.status}`);
    const answer = Answer.safeParse(JSON.parse(await readBounded(response)));
    if (!answer.success) return denied('its answer is not that of an OPA server');
    return { reasons: reasonsOf(answer.data.result), bundles: answer.data.provenance?.bundles ?? null };
  } catch (error) {
    return denied(networkMessage(error, timeoutMs));
  }
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > MAX_ANSWER) throw new Error(`its answer is larger than ${MAX_ANSWER} bytes`);
  }
  return text + decoder.decode();
}

/** Why no more than this: addresses and causes of the network stack differ between versions, and decisions must not. */
function networkMessage(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code: unknown = (cause as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') return `it cannot be reached (${code})`;
  return error instanceof SyntaxError ? 'its answer is not JSON' : errorMessage(error);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
