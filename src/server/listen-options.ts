import type { ServerOptions } from 'node:http';

/** Limits of connections, whatever they carry. */
export function listenOptions(): ServerOptions {
  return {
    // Why none: uploads of large models take hours. Slow senders are ended by the idle time below.
    requestTimeout: 0,
    // Why: a connection that never finishes its headers costs memory and nothing else.
    headersTimeout: 30_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 32 * 1024,
    connectionsCheckingInterval: 5_000,
  };
}
