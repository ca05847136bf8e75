import { CordonError } from '../../core/errors.ts';
import { type HttpOptions, HttpRanges } from './http-ranges.ts';
import { listHub } from './hub.ts';
import { serveRanges } from './range-channel.ts';
import type { RemoteFile } from './remote-file.ts';

/** Files up to this size are fetched whole: configurations, code, small pickles. */
const WHOLE_BYTES = 4 * 1024 * 1024;

/** Remote files and what keeps them open. */
export interface Remotes {
  readonly files: readonly RemoteFile[];
  close(): Promise<void>;
}

/** Where a file is and how the report names it. */
export interface RemoteLocation {
  readonly url: string;
  readonly path: string;
  readonly folder: string;
}

/** Opens `https://` URLs and `hf://org/name[@revision][/file]` for scanning by ranges. Throws `network.refused`. */
export async function openRemotes(urls: readonly string[], options: { readonly allowPrivate: boolean }): Promise<Remotes> {
  const clients: HttpRanges[] = [];
  const open = (given: HttpOptions): HttpRanges => {
    const client = new HttpRanges(given);
    clients.push(client);
    return client;
  };
  const close = async (): Promise<void> => void (await Promise.all(clients.map((client) => client.close())));
  try {
    const files: RemoteFile[] = [];
    for (const url of urls) {
      const isHub = url.startsWith('hf://');
      const http = open({ ...options, token: isHub ? process.env.HF_TOKEN : undefined });
      const locations = isHub ? await listHub(url, http, process.env.HF_ENDPOINT ?? 'https://huggingface.co') : [locationOf(url)];
      for (const location of locations) files.push(await openOne(location, http));
    }
    return { files, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function locationOf(url: string): RemoteLocation {
  const { host, pathname } = new URL(url);
  return { url, path: `${host}${decodeURIComponent(pathname)}`, folder: '' };
}

async function openOne({ url, path, folder }: RemoteLocation, http: HttpRanges): Promise<RemoteFile> {
  const { bytes, total, etag } = await http.range(url, 0, WHOLE_BYTES);
  if (bytes.length >= total) return { path, folder, size: bytes.length, content: { kind: 'memory', bytes } };
  if (!Number.isSafeInteger(total)) throw new CordonError('network.refused', `${path}: impossible size`);
  return {
    path,
    folder,
    size: total,
    content: { kind: 'remote', size: total, channel: serveRanges((offset, length) => http.range(url, offset, length, etag)) },
  };
}
