import { HttpClient, type HttpOptions, type HttpResponse, refused } from './http-client.ts';

/** A part of a file behind a URL. */
export interface RangeAnswer {
  readonly bytes: Uint8Array;
  /** Size of the whole content. */
  readonly total: number;
  /** What tells this content from any later one. */
  readonly version: Version;
}

/** The validators a server gave; undefined where it gave none. */
export interface Version {
  readonly etag: string | undefined;
  readonly modified: string | undefined;
}

/** A server may answer a range in parts; an honest one needs one. */
const PARTS = 16;

/** Fetches ranges of files and small documents. */
export class HttpRanges {
  readonly #client: HttpClient;

  constructor(options: HttpOptions) {
    this.#client = new HttpClient(options);
  }

  /**
   * The first bytes of a file, at most `length`. A server that does not know ranges sends the whole content: accepted up to
   * `limit` bytes.
   */
  async start(url: string, length: number, limit: number): Promise<RangeAnswer> {
    const response = await this.#client.get(url, { range: `bytes=0-${length - 1}` }, Math.max(length, limit));
    const version = versionOf(response);
    if (response.status === 200) return { bytes: response.body, total: response.body.length, version };
    if (response.status === 416 && response.headers['content-range'] === 'bytes */0')
      return { bytes: response.body.slice(0, 0), total: 0, version };
    return { ...parted(url, response, 0, length), version };
  }

  /** Exactly the bytes [offset, offset + length) of a file whose size and version are known. Throws when it has changed. */
  async range(url: string, offset: number, length: number, total: number, version: Version): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    for (let part = 0; filled < length; part++) {
      if (part === PARTS) throw refused(url, 'the server answers ranges in crumbs');
      const answer = await this.#part(url, offset + filled, length - filled, version);
      if (answer.total !== total || !isSame(version, answer.version)) throw refused(url, 'the content changed while it was read');
      bytes.set(answer.bytes, filled);
      filled += answer.bytes.length;
    }
    return bytes;
  }

  /** A whole document of at most `limit` bytes. */
  async document(url: string, limit: number): Promise<Uint8Array> {
    const response = await this.#client.get(url, {}, limit);
    if (response.status !== 200) throw refused(url, answered(response.status));
    return response.body;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #part(url: string, offset: number, length: number, version: Version): Promise<RangeAnswer> {
    const condition = version.etag?.startsWith('"') === true ? { 'if-range': version.etag } : undefined;
    const response = await this.#client.get(url, { range: `bytes=${offset}-${offset + length - 1}`, ...condition }, length);
    if (response.status === 200) throw refused(url, 'the content changed while it was read, or ranges are no longer served');
    return { ...parted(url, response, offset, length), version: versionOf(response) };
  }
}

/** Checks a 206 against what was asked for. */
function parted(url: string, { status, headers, body }: HttpResponse, offset: number, length: number): Omit<RangeAnswer, 'version'> {
  if (status === 416) throw refused(url, 'the server does not have the bytes that it said it has');
  if (status !== 206) throw refused(url, answered(status));
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  const total = Number(size);
  if (size !== undefined && !Number.isSafeInteger(total)) throw refused(url, `impossible size ${size}`);
  const end = Number(last) + 1;
  if (
    size === undefined ||
    Number(first) !== offset ||
    !(end > offset && end <= Math.min(total, offset + length)) ||
    body.length !== end - offset
  )
    throw refused(url, 'the server answered with another range than it was asked for');
  return { bytes: body, total };
}

function versionOf({ headers }: HttpResponse): Version {
  return { etag: headers.etag, modified: headers['last-modified'] };
}

/** Why not the date where there is an etag: servers behind one name may disagree about the date of the same content. */
function isSame(a: Version, b: Version): boolean {
  return a.etag !== undefined || b.etag !== undefined ? a.etag === b.etag : a.modified === b.modified;
}

function answered(status: number): string {
  const hint = status === 401 || status === 403 ? '; the repository may need a token (HF_TOKEN)' : '';
  return `the server answered ${status}${hint}`;
}
