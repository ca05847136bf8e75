import { CordonError, errorMessage } from '../../core/errors.ts';
import type { MemoryContent, RemoteContent } from '../jobs.ts';
import type { HttpOptions } from './http-client.ts';
import { HttpRanges } from './http-ranges.ts';
import { listHub } from './hub.ts';
import { serveRanges } from './range-channel.ts';
import type { RemoteFile } from './remote-file.ts';

/** Fetched of every file at first: enough to know most formats, and all of most configurations. */
const START_BYTES = 16 * 1024;
/** Files up to this size are fetched whole: configurations, code, small pickles. */
const WHOLE_BYTES = 1024 * 1024;
/** What a server without ranges may send. */
const RANGELESS_BYTES = 16 * 1024 * 1024;

/** Remote files and what keeps them open. */
export interface Remotes {
  readonly files: readonly RemoteFile[];
  close(): Promise<void>;
}

/** Where a file is and how the report names it. `refused` says why it cannot be fetched. */
export interface RemoteLocation {
  readonly url: string;
  readonly path: string;
  readonly folder: string;
  readonly refused?: string;
}

/** How to reach servers. */
export interface RemoteOptions {
  /** Let URLs lead to private addresses, and allow http without encryption. */
  readonly allowPrivate: boolean;
  /** Of the hub. Default: the environment variables `HF_ENDPOINT` and `HF_TOKEN`. */
  readonly endpoint?: string;
  readonly token?: string;
  /** Milliseconds until an answer must be there as a whole. Default: 60,000. */
  readonly timeoutMs?: number;
}

/**
 * Makes `https://` URLs and `hf://org/name[@revision][/file]` ready for scanning by ranges. One that cannot be reached becomes a
 * file that cannot be opened. Throws `usage.invalid` for what is no such URL.
 */
export async function openRemotes(urls: readonly string[], options: RemoteOptions): Promise<Remotes> {
  const clients: HttpRanges[] = [];
  const open = (token?: string): HttpRanges => {
    const given: HttpOptions = { allowPrivate: options.allowPrivate, timeoutMs: options.timeoutMs, token };
    const client = new HttpRanges(given);
    clients.push(client);
    return client;
  };
  const close = async (): Promise<void> => void (await Promise.all(clients.map((client) => client.close())));
  try {
    const files: RemoteFile[] = [];
    for (const url of new Set(urls)) {
      if (!url.startsWith('hf://')) {
        files.push(remoteFile(locationOf(url), open()));
        continue;
      }
      const http = open((options.token ?? process.env.HF_TOKEN)?.trim() || undefined);
      for (const location of await hubLocations(url, http, options)) files.push(remoteFile(location, http));
    }
    return { files, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function hubLocations(url: string, http: HttpRanges, options: RemoteOptions): Promise<readonly RemoteLocation[]> {
  const endpoint = (options.endpoint ?? (process.env.HF_ENDPOINT || 'https://huggingface.co')).replace(/\/+$/, '');
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint))
    throw new CordonError('usage.invalid', 'HF_ENDPOINT is no http or https URL');
  try {
    return await listHub(url, http, endpoint);
  } catch (error) {
    if (error instanceof CordonError && error.code === 'usage.invalid') throw error;
    return [{ url, path: url.slice('hf://'.length), folder: '', refused: errorMessage(error) }];
  }
}

function locationOf(url: string): RemoteLocation {
  if (!URL.canParse(url)) throw new CordonError('usage.invalid', `${JSON.stringify(url.replace(/[?#].*/s, ''))} is no URL`);
  const { host, pathname, username, password } = new URL(url);
  if (username !== '' || password !== '') throw new CordonError('usage.invalid', `credentials do not belong into the URL of ${host}`);
  return { url, path: `${host}${readable(pathname)}`, folder: '' };
}

/** The path as people write it, unless decoding it would hide what it is. */
function readable(pathname: string): string {
  try {
    const decoded = decodeURIComponent(pathname);
    return /[\p{Cc}\p{Cf}\\]|(^|\/)\.{1,2}(\/|$)/u.test(decoded) ? pathname : decoded;
  } catch {
    return pathname;
  }
}

function remoteFile(location: RemoteLocation, http: HttpRanges): RemoteFile {
  const { path, folder } = location;
  return { path, folder, open: () => openOne(location, http) };
}

async function openOne({ url, refused }: RemoteLocation, http: HttpRanges): Promise<MemoryContent | RemoteContent> {
  if (refused !== undefined) throw new CordonError('network.refused', refused);
  const { bytes, total, version } = await http.start(url, START_BYTES, RANGELESS_BYTES);
  if (bytes.length >= total) return { kind: 'memory', bytes };
  const range = (offset: number, length: number): Promise<Uint8Array> => http.range(url, offset, length, total, version);
  if (total > WHOLE_BYTES) return { kind: 'remote', size: total, head: bytes, connect: () => serveRanges(range) };
  const rest = await range(bytes.length, total - bytes.length);
  return { kind: 'memory', bytes: new Uint8Array(Buffer.concat([bytes, rest])) };
}
