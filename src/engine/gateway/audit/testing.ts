import { newId } from '../../../store/ids.ts';
import type { ExchangeRecord } from './exchange-record.ts';

/** A record as the gateway makes it, for tests and benchmarks. */
export function exampleRecord(changes: Partial<ExchangeRecord> = {}): ExchangeRecord {
  return {
    id: newId(),
    at: Date.now(),
    who: {
      principal: '0199f2a4-7d2c-7000-8a11-1b2c3d4e5f60',
      name: 'chat-service',
      key: 'k-17',
      teams: ['search', 'chat'],
      ip: '192.0.2.17',
    },
    route: '/v1/chat/completions',
    protocol: 'openai',
    model: 'gpt-5-mini',
    upstream: 'openai-eu',
    upstreamModel: 'gpt-5-mini-2026-08-01',
    stream: false,
    status: 200,
    outcome: 'served',
    reason: null,
    policy: '5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
    request: { effect: 'redact', score: 0.25, rules: ['pii.email'], detectors: ['pii'] },
    response: { effect: 'allow', score: 0, rules: [], detectors: [] },
    usage: { inputTokens: 812, outputTokens: 95, cachedTokens: 0, measured: true },
    costMicros: 412,
    latency: { total: 412.25, firstByte: 410.5, upstream: 408.125 },
    requestSha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    responseSha256: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752',
    session: 's-4711',
    attempts: 1,
    ...changes,
  };
}
