import * as z from 'zod';
import { CordonError } from '../../../core/errors.ts';
import type { Upstream } from '../../../core/upstream-config.ts';
import { HttpClient, refused } from '../../remote/http-client.ts';
import { checkFilePath, type RepositoryName, repositoryId } from '../names.ts';

/** A file of a remote revision. */
export interface RemoteEntry {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-1 of the git blob, for files that are not LFS. */
  readonly gitSha1: string | undefined;
  readonly sha256: string | undefined;
}

/** A revision of a remote hub. */
export interface RemoteRevision {
  readonly commit: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number | undefined;
  readonly licences: readonly string[];
}

const Info = z.object({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  lastModified: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
  cardData: z.object({ license: z.union([z.string(), z.array(z.string())]).nullish() }).nullish(),
});
const Entry = z.object({
  type: z.string(),
  path: z.string(),
  size: z.int().min(0).nullish(),
  oid: z.string().nullish(),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) }).nullish(),
});

const INFO_BYTES = 32 * 1024 * 1024;
const TREE_BYTES = 32 * 1024 * 1024;
const PAGES_AT_MOST = 200;
const FILES_AT_MOST = 100_000;
/** Bytes of one request: what has to be fetched again when a connection breaks. */
const PART_BYTES = 16 * 1024 * 1024;

/** Speaks to a remote hub. Everything it says is bounded, and checked against what it said before. */
export class RemoteHub {
  readonly #upstream: Upstream;
  readonly #http: HttpClient;

  constructor(upstream: Upstream, token: (() => Promise<string | undefined>) | undefined) {
    this.#upstream = upstream;
    this.#http = new HttpClient({ allowPrivate: upstream.allowPrivate, token });
  }

  /** Undefined: the hub has no such repository or revision. Throws `network.refused`. */
  async revision(name: RepositoryName, revision: string): Promise<RemoteRevision | undefined> {
    const answer = await this.#json(`${this.#api(name)}/revision/${encodeURIComponent(revision)}`, INFO_BYTES);
    if (answer === undefined) return undefined;
    const { sha, lastModified, tags, cardData } = expected(Info, answer.value);
    const licences = [cardData?.license ?? []].flat();
    const tagged = (tags ?? []).flatMap((tag) => (tag.startsWith('license:') ? [tag.slice('license:'.length)] : []));
    const modifiedAt = typeof lastModified === 'string' ? Date.parse(lastModified) : Number.NaN;
    return {
      commit: sha,
      modifiedAt: Number.isNaN(modifiedAt) ? undefined : modifiedAt,
      licences: (licences.length > 0 ? licences : tagged).map((licence) => licence.toLowerCase()),
    };
  }

  /** The files of a commit. */
  async files(name: RepositoryName, commit: string): Promise<readonly RemoteEntry[]> {
    const entries: RemoteEntry[] = [];
    let url: string | undefined = `${this.#api(name)}/tree/${commit}?recursive=true`;
    for (let page = 0; url !== undefined; page++) {
      const answer: Answer | undefined = await this.#json(url, TREE_BYTES);
      if (answer === undefined || page === PAGES_AT_MOST) throw refused(url, 'the hub does not list its files');
      for (const { type, path, size, oid, lfs } of expected(z.array(Entry), answer.value)) {
        if (type !== 'file') continue;
        const isGit = lfs === undefined || lfs === null;
        entries.push({
          path: checkFilePath(path),
          size: (isGit ? size : lfs.size) ?? 0,
          gitSha1: isGit ? (oid ?? undefined) : undefined,
          sha256: isGit ? undefined : lfs.oid,
        });
      }
      if (entries.length > FILES_AT_MOST) throw refused(url, `more than ${FILES_AT_MOST} files`);
      url = this.#nextPage(answer.link);
    }
    return entries;
  }

  /** The bytes of a file, exactly as many as were announced. */
  async *content(name: RepositoryName, commit: string, entry: RemoteEntry): AsyncGenerator<Uint8Array> {
    const prefix = name.kind === 'model' ? '' : `${name.kind}s/`;
    const path = entry.path.split('/').map(encodeURIComponent).join('/');
    const url = `${this.#base()}/${prefix}${repositoryId(name)}/resolve/${commit}/${path}`;
    for (let at = 0; at < entry.size; at += PART_BYTES) {
      const end = Math.min(at + PART_BYTES, entry.size);
      const isWhole = at === 0 && end === entry.size;
      const { status, body } = await this.#http.get(url, isWhole ? {} : { range: `bytes=${at}-${end - 1}` }, end - at);
      if (status !== (isWhole ? 200 : 206)) throw refused(url, `the hub answers with ${status}`);
      if (body.length !== end - at) throw new CordonError('input.mismatch', `${entry.path}: the hub sends another size than it announced`);
      yield body;
    }
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #base(): string {
    return this.#upstream.url.replace(/\/+$/, '');
  }

  #api(name: RepositoryName): string {
    return `${this.#base()}/api/${name.kind}s/${repositoryId(name)}`;
  }

  /** Why only under the same address: a hub must not send its token, or us, elsewhere. */
  #nextPage(link: string | undefined): string | undefined {
    const next = /<([^>]{1,8192})>\s*;\s*rel="next"/.exec(link ?? '')?.[1];
    if (next === undefined) return undefined;
    const url = URL.canParse(next, this.#base()) ? new URL(next, this.#base()) : undefined;
    if (url === undefined || url.origin !== new URL(this.#base()).origin) throw refused(this.#base(), 'its next page lies elsewhere');
    return url.href;
  }

  async #json(url: string, limit: number): Promise<Answer | undefined> {
    const { status, body, headers } = await this.#http.get(url, { accept: 'application/json' }, limit);
    if (status === 401 || status === 403 || status === 404) return undefined;
    if (status !== 200) throw refused(url, `the hub answers with ${status}`);
    try {
      return { value: JSON.parse(Buffer.from(body).toString('utf8')) as unknown, link: headers.link };
    } catch (error) {
      throw refused(url, 'the hub answers with something that is no JSON', error);
    }
  }
}

interface Answer {
  readonly value: unknown;
  readonly link: string | undefined;
}

function expected<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (!result.success)
    throw new CordonError('network.refused', `the hub answers with something else: ${result.error.issues[0]?.message ?? ''}`);
  return result.data;
}
