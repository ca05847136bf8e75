import type { CacheConfig, ModelCache } from '../../../core/gateway-model-config.ts';
import type { Sending, Sink, Target, UpstreamRequest, Upstreams } from '../upstreams/upstreams.ts';
import { type CacheKey, cacheKey, type CacheQuestion } from './cache-key.ts';
import { Recording } from './recording.ts';
import { replay } from './replay.ts';

/** An answer as the provider gave it. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly target: Target;
  readonly body: Buffer;
}

/** The exact cache of answers. What comes out of it is what the provider said: the guard sees it again. */
export interface ResponseCache {
  /** The key of an answer; undefined where none may be kept, and the request is just sent. */
  keyOf(rules: ModelCache | undefined, question: CacheQuestion): CacheKey | undefined;
  /**
   * Answers from the cache, or sends and keeps the answer. The header `x-cordon-cache` says which; the `attempts` of an answer from the
   * cache are 0.
   */
  send(upstreams: Upstreams, key: CacheKey | undefined, model: string, request: UpstreamRequest, sink: Sink): Sending;
  stats(): { readonly entries: number; readonly bytes: number; readonly hits: number; readonly misses: number };
  /** Forgets everything: models may mean something else now. */
  reconfigure(config: CacheConfig): void;
}

/** What an entry costs beside its body: key, headers, objects. Bytes, estimated upwards. */
const OVERHEAD = 1_024;

interface Entry {
  readonly answer: KeptAnswer;
  readonly until: number;
  readonly bytes: number;
}

/** Opens an empty cache. `now` is in epoch milliseconds. */
export function openResponseCache(initial: CacheConfig, now: () => number = Date.now): ResponseCache {
  let config = initial;
  let bytes = 0;
  let hits = 0;
  let misses = 0;
  /** Counts configurations: an answer that was asked for under another one is not kept. */
  let generation = 0;
  /** The one that was used least lately comes first. */
  const entries = new Map<string, Entry>();

  function forget(digest: string, entry: Entry): void {
    entries.delete(digest);
    bytes -= entry.bytes;
  }

  function find(digest: string): KeptAnswer | undefined {
    const entry = entries.get(digest);
    if (entry === undefined) return undefined;
    if (now() >= entry.until) {
      forget(digest, entry);
      return undefined;
    }
    entries.delete(digest);
    entries.set(digest, entry);
    return entry.answer;
  }

  function keep({ digest, ttlSeconds }: CacheKey, answer: KeptAnswer): void {
    const size = answer.body.length + OVERHEAD;
    if (size > config.maxBytes) return;
    const old = entries.get(digest);
    if (old !== undefined) forget(digest, old);
    entries.set(digest, { answer, until: now() + ttlSeconds * 1_000, bytes: size });
    bytes += size;
    for (const [oldest, entry] of entries) {
      if (bytes <= config.maxBytes) break;
      forget(oldest, entry);
    }
  }

  return {
    keyOf: (rules, question) => (config.maxBytes === 0 ? undefined : cacheKey(rules, question)),
    send(upstreams, key, model, request, sink) {
      if (key === undefined) return upstreams.send(model, request, sink);
      const kept = key.mayRead ? find(key.digest) : undefined;
      if (kept !== undefined) {
        hits++;
        return replay(kept, sink);
      }
      misses++;
      const began = generation;
      const recording = new Recording(sink, request.stream, config.maxEntryBytes, (answer) => {
        if (began === generation) keep(key, answer);
      });
      return upstreams.send(model, request, recording);
    },
    stats: () => ({ entries: entries.size, bytes, hits, misses }),
    reconfigure(next) {
      config = next;
      generation++;
      entries.clear();
      bytes = 0;
    },
  };
}
