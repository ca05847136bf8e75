import { CordonError } from '../../core/errors.ts';
import type { Exchange } from '../exchange/exchange.ts';

const OPENAI_KINDS: ReadonlySet<string> = new Set(['openai', 'azure-openai', 'openai-compatible', 'vllm']);

/** The upstream that keeps files and batches: the one that is configured, else the only one. Throws `request.invalid` where it is open. */
export function whereKept({ policy }: Exchange, protocol: 'openai' | 'anthropic'): string {
  const { storage, upstreams } = policy.config;
  if (storage[protocol] !== undefined) return storage[protocol];
  const fitting = upstreams.filter(({ kind }) => (protocol === 'anthropic' ? kind === 'anthropic' : OPENAI_KINDS.has(kind)));
  if (fitting.length === 1) return fitting[0]!.id;
  throw new CordonError('request.invalid', 'No provider is configured here to keep files and batches (gateway.storage).');
}
