import { errorMessage } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';

/** Something without which no request can be served: its name, and what throws while it is not there. */
export interface Need {
  readonly name: string;
  check(): Promise<void> | void;
}

/**
 * Asks for what is not there; nothing when requests can be served. Whoever asks learns names, the log the reasons: once for each change,
 * because it is asked every few seconds.
 */
export function readiness(needs: readonly Need[], log: Logger): () => Promise<readonly string[]> {
  const failing = new Map<string, string>();
  return async () => {
    for (const { name, check } of needs) {
      try {
        await check();
        if (failing.delete(name)) log.info({ needed: name }, 'ready again');
      } catch (error) {
        const why = errorMessage(error);
        if (failing.get(name) !== why) log.error({ needed: name, error: why }, 'not ready');
        failing.set(name, why);
      }
    }
    return [...failing.keys()];
  };
}
