import type { IncomingMessage } from 'node:http';
import type { ServableFile } from '../../engine/registry/read-file.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import type { Revision } from '../../engine/registry/revisions.ts';

/** What a download was answered with, for whoever may read the repository. */
export interface ServedFile {
  readonly repository: Repository;
  readonly revision: Revision;
  readonly file: ServableFile;
  readonly headers: Readonly<Record<string, string>>;
}

const KEPT = 10_000;
const ADDRESS_CHARACTERS = 2_000;
/**
 * How long an answer counts at most. Why, when every change ends it at once: what ends by time alone, such as a waiver, counts within
 * a second too, and so would a change that nobody told of.
 */
const MAX_AGE_MS = 1_000;

/**
 * What was served lately at which address, as long as nothing changed about who may do what and what is served. It knows nothing of
 * who may read it: whoever uses it asks for each request.
 */
export class Served {
  readonly #kept = new Map<string, ServedFile & { readonly version: number; readonly at: number }>();

  /** `version`: that of the database before anything about this answer was read. */
  keep(request: IncomingMessage, version: number, served: ServedFile, now: number): void {
    const key = keyOf(request);
    if (key === undefined) return;
    this.#kept.delete(key);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size >= KEPT && oldest.done !== true) this.#kept.delete(oldest.value);
    this.#kept.set(key, { ...served, version, at: now });
  }

  /** Whether something is kept for the address, current or not. */
  has(request: IncomingMessage): boolean {
    const key = keyOf(request);
    return key !== undefined && this.#kept.has(key);
  }

  /** What is kept for the address and still counts. */
  find(request: IncomingMessage, version: number, now: number): ServedFile | undefined {
    const kept = this.#kept.get(keyOf(request) ?? '');
    return kept?.version === version && now >= kept.at && now - kept.at < MAX_AGE_MS ? kept : undefined;
  }
}

/** Why with the host: some headers name this server as the client reaches it. */
function keyOf({ url = '', headers }: IncomingMessage): string | undefined {
  return url.length > ADDRESS_CHARACTERS ? undefined : `${headers.host ?? ''} ${url}`;
}
