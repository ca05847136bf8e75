import { errorMessage } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { UpstreamKind } from '../../core/gateway-upstream-config.ts';
import type { Upstreams } from '../../engine/gateway/upstreams/upstreams.ts';
import { parseObject } from '../json/parse-object.ts';

/** Kinds that say which names they serve. Why not Azure: it lists models, and is asked by the names of deployments. */
const TELLS: ReadonlySet<UpstreamKind> = new Set(['openai', 'openai-compatible', 'anthropic', 'ollama', 'vllm']);
const KEPT_MS = 5 * 60_000;
/** Why: who lists models often must not make a provider that does not answer be asked each time. */
const FAILED_KEPT_MS = 30_000;
const PATIENCE_MS = 5_000;
const MOST_BYTES = 1024 * 1024;
const MOST_NAMES = 2_000;
/** Why: names come from elsewhere and go to clients; nothing that is no name passes. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}$/;

/** What is asked and where problems are told. */
export interface OfferedOptions {
  readonly upstreams: Pick<Upstreams, 'models' | 'openUpstreams' | 'targetsOf' | 'health' | 'sendTo'>;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Told {
  /** Undefined: it does not tell. */
  readonly names: Promise<readonly string[] | undefined>;
  until: number;
}

/** The names that models may be called by: those of the configuration, and what providers list of what its patterns let through. */
export class OfferedModels {
  readonly #options: OfferedOptions;
  #told = new Map<string, Told>();

  constructor(options: OfferedOptions) {
    this.#options = options;
  }

  /** All names, sorted. Waits for providers five seconds at most; those that do not answer add nothing. */
  async names(): Promise<readonly string[]> {
    const { upstreams } = this.#options;
    const lists = await Promise.all(upstreams.openUpstreams().map(async (id) => ({ id, names: (await this.#listOf(id)) ?? [] })));
    const open = lists.flatMap(({ id, names }) => names.filter((name) => this.#leadsTo(name, id)));
    return [...new Set([...upstreams.models(), ...open])].toSorted();
  }

  /** Whether a name may be called, as far as can be told: where nobody lists its names, whatever a pattern lets through. */
  async has(name: string): Promise<boolean> {
    const { upstreams } = this.#options;
    if (upstreams.models().includes(name)) return true;
    for (const { upstream, model } of upstreams.targetsOf(name) ?? []) {
      // A target with a name of its own serves whatever the pattern lets through.
      const names = model === name ? await this.#listOf(upstream) : undefined;
      if (names === undefined || names.includes(name)) return true;
    }
    return false;
  }

  /** Asks anew, as after another configuration. */
  forget(): void {
    this.#told = new Map();
  }

  #leadsTo(name: string, id: string): boolean {
    return this.#options.upstreams.targetsOf(name)?.some(({ upstream, model }) => upstream === id && model === name) === true;
  }

  #listOf(id: string): Promise<readonly string[] | undefined> {
    const { upstreams, log, now } = this.#options;
    const kind = upstreams.health().find((one) => one.id === id)?.kind;
    if (kind === undefined || !TELLS.has(kind)) return Promise.resolve(undefined);
    const known = this.#told.get(id);
    if (known !== undefined && now() < known.until) return known.names;
    const told: Told = {
      names: this.#ask(id, kind).catch((error: unknown) => {
        told.until = Math.min(told.until, now() + FAILED_KEPT_MS);
        log.warn({ upstream: id, error: errorMessage(error) }, 'a provider did not list its models');
        return undefined;
      }),
      until: now() + KEPT_MS,
    };
    this.#told.set(id, told);
    return told.names;
  }

  async #ask(id: string, kind: UpstreamKind): Promise<readonly string[]> {
    const body = parseObject(await this.#fetch(id, kind));
    if (!Array.isArray(body?.data)) throw new Error('its answer is no list of models');
    const names = body.data.map((one: unknown) => (typeof one === 'object' && one !== null ? (one as { id?: unknown }).id : undefined));
    return names.filter((name): name is string => typeof name === 'string' && NAME.test(name)).slice(0, MOST_NAMES);
  }

  #fetch(id: string, kind: UpstreamKind): Promise<Buffer> {
    return new Promise((settle, fail) => {
      const chunks: Buffer[] = [];
      const request = {
        protocol: kind === 'anthropic' ? 'anthropic' : 'openai',
        path: kind === 'anthropic' ? '/models?limit=1000' : '/models',
        method: 'GET',
        headers: {},
        body: () => Buffer.alloc(0),
        maxResponseBytes: MOST_BYTES,
        idempotent: true,
        stream: false,
      } as const;
      const timer = setTimeout(() => {
        sending.abort('models are not waited for any longer');
        fail(new Error(`no answer within ${PATIENCE_MS} ms`));
      }, PATIENCE_MS);
      const sending = this.#options.upstreams.sendTo(id, request, {
        head: (status) => void (status >= 300 && fail(new Error(`it answered with status ${status}`))),
        data: (chunk) => (chunks.push(chunk), true),
        end: () => (clearTimeout(timer), settle(Buffer.concat(chunks))),
        error: (error) => (clearTimeout(timer), fail(error)),
      });
    });
  }
}
