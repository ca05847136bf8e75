import { pino } from 'pino';
import type { Logger } from '../core/logger.ts';

/** Structured lines on standard error. Nothing that authenticates is ever in them, whatever a caller passes. */
export function serverLog(): Logger {
  return pino(
    {
      level: process.env.CORDON_LOG_LEVEL ?? 'info',
      redact: ['*.authorization', 'authorization', '*.token', 'token', '*.secret', 'secret'],
    },
    pino.destination({ dest: 2, sync: false }),
  );
}
