/** `cordon.yaml` of the soak: every guard on, limits on everything, no circuit that opens because the model is as bad as it is meant to be. */
export function soakConfig(port: number, model: string): string {
  const behaviours = ['m', 'slow', 'reset', 'errors', 'garbage', 'late', 'few'];
  const models = behaviours.map(
    (name) => `    ${name}: { targets: [{ upstream: model${name === 'few' ? ', model: m' : ''} }], retries: 0 }\n`,
  );
  return `server: { port: ${port}, metrics: anybody }
gateway:
  upstreams:
    - { id: model, kind: openai-compatible, url: '${model}/v1', timeouts: { firstByteMs: 3000, idleMs: 3000 } }
    - { id: anthropic, kind: anthropic, url: '${model}', apiKey: 'env:CORDON_SOAK_KEY', allowPrivateNetwork: true }
  models:
${models.join('')}    claude: { targets: [{ upstream: anthropic }], retries: 0 }
  storage: { openai: model }
  resilience: { failures: 1000, minRequests: 100000 }
  prices: { models: [{ model: '*', input: 1, output: 4 }] }
  mcp: { servers: [{ id: words, url: '${model}/mcp', allowPrivateNetwork: true }] }
  limits:
    rules:
      - { id: slots, per: all, concurrency: ${SLOTS} }
      - { id: few, match: { models: [few] }, per: model, requests: { count: 1, per: second } }
      - { id: money, per: principal, budget: { usd: 1000000, per: month } }
`;
}

/** Calls that may go on at the same time. */
export const SLOTS = 100;
