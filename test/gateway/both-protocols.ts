import type { ModelServer } from './model-server.ts';

/** A gateway before one server that speaks both protocols: model `m` by OpenAI's, `c` by Anthropic's. `openai`: what is said of the former. */
export function bothProtocols(
  { origin }: ModelServer,
  openai: object = {},
): {
  readonly upstreams: readonly object[];
  readonly models: Readonly<Record<string, object>>;
  readonly resilience: object;
} {
  return {
    upstreams: [
      { id: 'local', kind: 'openai-compatible', url: `${origin}/v1`, ...openai },
      { id: 'claude', kind: 'anthropic', url: origin, apiKey: 'env:PATH', allowPrivateNetwork: true },
    ],
    models: { m: { targets: [{ upstream: 'local' }], retries: 0 }, c: { targets: [{ upstream: 'claude' }], retries: 0 } },
    // Why: faults that tests make would open the circuit.
    resilience: { failures: 1_000, minRequests: 100_000 },
  };
}

/** Every tool may be called, except the one that sends mail. */
export const MAIL_IS_DENIED = {
  tools: [
    { id: 'mail', tool: 'send_mail', effect: 'deny', sink: 'send' },
    { id: 'rest', tool: '*', effect: 'allow', sink: 'none' },
  ],
} as const;
