import type { ErrorCode } from '../../core/errors.ts';
import type { ExchangeOutcome } from '../../engine/gateway/audit/exchange-record.ts';
import { statusOf } from './error-reply.ts';

const OUTCOMES: Partial<Record<ErrorCode, ExchangeOutcome>> = {
  'gateway.refused': 'blocked',
  'gateway.stopped': 'blocked',
  'gateway.limited': 'limited',
};
/** Statuses of a provider that say nothing about the request: too late, too many. */
const NOT_THE_REQUEST: ReadonlySet<number> = new Set([408, 425, 429]);

/** What records, metrics and usage call an error: `failed` is the fault of the provider or ours, `refused` is that of the request. */
export function outcomeOfError(code: ErrorCode): ExchangeOutcome {
  return OUTCOMES[code] ?? (statusOf(code) >= 500 ? 'failed' : 'refused');
}

/** The same for an answer of a provider. */
export function outcomeOfAnswer(status: number): 'served' | 'refused' | 'failed' {
  if (status < 400) return 'served';
  return status < 500 && !NOT_THE_REQUEST.has(status) ? 'refused' : 'failed';
}
