import { CordonError, errorCode } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { SecretsConfig } from '../../core/secrets-config.ts';
import type { SecretReference } from './secret-reference.ts';
import type { SecretSource } from './secret-source.ts';

/** One secret: its last value, and who wants to know of the next. */
export interface KeptSecret {
  get(): Promise<Buffer>;
  watch(changed: (bytes: Buffer) => void): () => void;
  close(): void;
}

export interface KeepOptions {
  readonly config: SecretsConfig;
  readonly log: Logger;
  readonly now: () => number;
}

/** Why: a place that is down is not asked by every request. */
const RETRY_MS = 5_000;
/** Why: what stays broken is told again, but not so often that it hides everything else. */
const REMIND_MS = 5 * 60_000;
/** Why: a lease of a second must not become a busy loop. */
const LEAST_WAIT_MS = 1_000;

/**
 * Reads a secret when it is wanted or watched. A value is used until it is due; while its place does not answer, the last one goes on
 * for a bounded time, and the log says so, again every five minutes. A place that answers that the secret is gone ends its use at once.
 */
export function keptSecret(reference: SecretReference, name: string, source: SecretSource, { config, log, now }: KeepOptions): KeptSecret {
  const listeners = new Set<(bytes: Buffer) => void>();
  const ended = new AbortController();
  let last: { readonly bytes: Buffer; readonly readAt: number } | undefined;
  let due = 0;
  let failure: CordonError | undefined;
  let told: { readonly message: string; readonly reason: string; readonly at: number } | undefined;
  let reading: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function read(): Promise<void> {
    return (reading ??= attempt().finally(() => (reading = undefined)));
  }

  async function attempt(): Promise<void> {
    try {
      const timeout = AbortSignal.timeout(config.timeoutSeconds * 1_000);
      const value = await within(source.read(reference, AbortSignal.any([timeout, ended.signal])), timeout, name);
      const at = now();
      const wait = Math.min(
        config.refreshSeconds * 1_000,
        source.pollMs ?? Infinity,
        Math.max((value.until ?? Infinity) - at, LEAST_WAIT_MS),
      );
      due = at + wait;
      if (failure !== undefined && last !== undefined) log.info({ reference: name }, 'the secret can be read again');
      failure = undefined;
      told = undefined;
      take(value.bytes, at);
    } catch (error) {
      failed(error);
    }
  }

  function take(bytes: Buffer, at: number): void {
    const isNew = last === undefined || !last.bytes.equals(bytes);
    const isRotation = isNew && last !== undefined;
    last = { bytes, readAt: at };
    if (isRotation) log.info({ reference: name }, 'the secret was rotated');
    if (isNew && !ended.signal.aborted) for (const listener of listeners) tell(listener, bytes);
  }

  function failed(error: unknown): void {
    failure = error instanceof CordonError ? error : new CordonError('secret.unavailable', `${name} cannot be read`);
    due = now() + Math.min(RETRY_MS, config.refreshSeconds * 1_000);
    if (ended.signal.aborted) return;
    if (errorCode(failure) === 'secret.missing') last = undefined;
    const isUsed = last !== undefined && isFresh(last);
    if (last !== undefined && !isUsed) last = undefined;
    const age = last === undefined ? undefined : Math.round((now() - last.readAt) / 1_000);
    const message = isUsed ? 'the secret cannot be read; its last value is still used' : 'the secret cannot be read; what needs it fails';
    const reason = failure.message;
    if (told?.message === message && told.reason === reason && now() - told.at < REMIND_MS) return;
    told = { message, reason, at: now() };
    log.error({ reference: name, reason, ...(age !== undefined && { ageSeconds: age }) }, message);
  }

  function isFresh({ readAt }: { readonly readAt: number }): boolean {
    return now() - readAt <= (config.refreshSeconds + config.staleSeconds) * 1_000;
  }

  function tell(listener: (bytes: Buffer) => void, bytes: Buffer): void {
    try {
      listener(bytes);
    } catch {
      // Why without the reason: it may quote the value.
      log.error({ reference: name }, 'what uses the secret did not take its new value');
    }
  }

  function schedule(): void {
    clearTimeout(timer);
    if (listeners.size === 0 || ended.signal.aborted) return;
    // Why spread: a thousand secrets that were read together are not read together for ever.
    const wait = Math.max(due - now(), 0) * (0.9 + Math.random() * 0.1);
    timer = setTimeout(() => void read().then(schedule), Math.max(wait, 10)).unref();
  }

  return {
    async get() {
      if (now() >= due) await read();
      if (last !== undefined && (failure === undefined || isFresh(last))) return last.bytes;
      throw failure ?? new CordonError('secret.unavailable', `${name} cannot be read`);
    },
    watch(changed) {
      listeners.add(changed);
      if (listeners.size === 1) schedule();
      return () => {
        listeners.delete(changed);
        if (listeners.size === 0) clearTimeout(timer);
      };
    },
    close() {
      ended.abort();
      clearTimeout(timer);
      listeners.clear();
      last = undefined;
    },
  };
}

/** Why not only the signal: a source that does not look at it must not be waited for. */
function within<T>(work: Promise<T>, timeout: AbortSignal, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new CordonError('secret.unavailable', `${name} was not read in time`));
    if (timeout.aborted) return stop();
    timeout.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => timeout.removeEventListener('abort', stop));
  });
}
