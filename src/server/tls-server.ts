import { readFile } from 'node:fs/promises';
import { createServer as createPlain, type RequestListener, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { resolve } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { CordonError, errorMessage } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { TlsConfig } from '../core/server-config.ts';
import { listenOptions } from './listen-options.ts';

/** What {@link openListener} needs. */
export interface ListenerOptions {
  readonly tls: TlsConfig | undefined;
  /** Folder that relative paths start from. */
  readonly folder: string;
  readonly log: Logger;
  /** How often the files are looked at. */
  readonly everyMs?: number;
}

/** A server that does not listen yet, and how to stop looking at its files. */
export interface Listener {
  readonly server: Server;
  /** Reads the files again now; false when they cannot be used and the certificate stays as it was. */
  reload(): Promise<boolean>;
  close(): void;
}

const EVERY_MS = 10_000;

/**
 * A server by HTTP, or by HTTPS with files that are read again when they change: certificates are renewed while servers run.
 * Throws `config.invalid` for files that cannot be used at the start; later ones keep what was there.
 */
export async function openListener(
  { tls, folder, log, everyMs = EVERY_MS }: ListenerOptions,
  listener: RequestListener,
): Promise<Listener> {
  if (tls === undefined) return { server: createPlain(listenOptions(), listener), reload: async () => true, close: () => undefined };
  let files = await read(tls, folder);
  const server = createTls(
    {
      ...listenOptions(),
      ...files,
      minVersion: 'TLSv1.2',
      requestCert: tls.clientAuth !== 'none',
      // Why not for optional ones: the connection stays, but whoever has a certificate that nobody vouches for is nobody by it.
      rejectUnauthorized: tls.clientAuth === 'required',
    },
    listener,
  );

  async function reload(): Promise<boolean> {
    try {
      const next = await read(tls as TlsConfig, folder);
      if (JSON.stringify(next) === JSON.stringify(files)) return true;
      server.setSecureContext({ ...next, minVersion: 'TLSv1.2' });
      files = next;
      // Why: who is vouched for has perhaps changed, and connections that wait would not notice.
      server.closeIdleConnections();
      log.info({ cert: tls?.cert }, 'the certificate was read again');
      return true;
    } catch (error) {
      log.error({ error: errorMessage(error) }, 'the new certificate cannot be used; the one before stays');
      return false;
    }
  }
  const timer = setInterval(() => void reload(), everyMs);
  timer.unref();
  return { server, reload, close: () => clearInterval(timer) };
}

async function read({ cert, key, clientCa }: TlsConfig, folder: string): Promise<SecureContextOptions> {
  const text = async (file: string): Promise<string> =>
    readFile(resolve(folder, file), 'utf8').catch((error: unknown) => {
      throw new CordonError('config.invalid', `server.tls: ${file} cannot be read`, { cause: error });
    });
  const files = {
    cert: await text(cert),
    key: await text(key),
    ...(clientCa !== undefined && { ca: await text(clientCa) }),
  };
  try {
    // Why now: a key that is not that of the certificate is found out before anything is replaced.
    createSecureContext(files);
  } catch (error) {
    throw new CordonError('config.invalid', 'server.tls: the certificate and the key cannot be used together', { cause: error });
  }
  return files;
}
