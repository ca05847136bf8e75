import type { LimitKind } from './limits.ts';
import type { Meter } from './meter.ts';

const SHOWN: readonly LimitKind[] = ['requests', 'tokens'];

/**
 * What clients of the protocol read to pace themselves: of every kind the tightest limit that the call met. Money and places
 * are not shown, because neither protocol has words for them.
 */
export function rateLimitHeaders(route: string, meters: readonly Meter[], now: number, retryAfterSeconds?: number): Record<string, string> {
  const headers: Record<string, string> = {};
  const anthropic = route.startsWith('/anthropic');
  for (const kind of SHOWN) {
    const tight = tightest(meters, kind, now);
    if (tight === undefined) continue;
    const remaining = String(Math.max(0, Math.floor(tight.remaining(now))));
    const resetMs = tight.resetMs(now);
    if (anthropic) {
      headers[`anthropic-ratelimit-${kind}-limit`] = String(tight.limit);
      headers[`anthropic-ratelimit-${kind}-remaining`] = remaining;
      headers[`anthropic-ratelimit-${kind}-reset`] = new Date(now + resetMs).toISOString();
    } else {
      headers[`x-ratelimit-limit-${kind}`] = String(tight.limit);
      headers[`x-ratelimit-remaining-${kind}`] = remaining;
      headers[`x-ratelimit-reset-${kind}`] = duration(resetMs);
    }
  }
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  return headers;
}

function tightest(meters: readonly Meter[], kind: LimitKind, now: number): Meter | undefined {
  let found: Meter | undefined;
  let least = Infinity;
  for (const meter of meters) {
    if (meter.kind !== kind) continue;
    const part = meter.remaining(now) / meter.limit;
    if (part >= least) continue;
    least = part;
    found = meter;
  }
  return found;
}

/** As OpenAI writes it: `20ms`, `1.5s`, `6m0s`, `2h3m0s`. */
function duration(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`;
  if (ms < 60_000) return `${Math.ceil(ms / 10) / 100}s`;
  const seconds = Math.ceil(ms / 1_000);
  const minutes = Math.floor(seconds / 60) % 60;
  const hours = Math.floor(seconds / 3_600);
  return `${hours > 0 ? `${hours}h` : ''}${minutes}m${seconds % 60}s`;
}
