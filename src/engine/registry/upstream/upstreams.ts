import { CordonError, errorCode, errorMessage } from '../../../core/errors.ts';
import { secretIn } from '../../../core/secret-reference.ts';
import type { Upstream } from '../../../core/upstream-config.ts';
import type { Secrets } from '../../../vault/secrets/open-secrets.ts';
import type { RegistryContext } from '../context.ts';
import { servedInstead } from '../conversion/conversions.ts';
import { InFlight } from '../in-flight.ts';
import { type RepositoryName, repositoryId } from '../names.ts';
import { find, type Repository } from '../repositories.ts';
import { findRevision, type Revision } from '../revisions.ts';
import { refusedPublisher, refusedRevision } from './curate.ts';
import { isMirrorOf, mirrorRevision } from './mirror-revision.ts';
import { knownCommit, knownRevision, rememberCommit, rememberRevision } from './memory.ts';
import { RemoteHub, type RemoteRevision } from './remote-hub.ts';

const MINUTE_MS = 60_000;
const COMMIT = /^[0-9a-f]{40}$/;

/** A revision of a mirror. */
export interface Mirrored {
  readonly repository: Repository;
  readonly revision: Revision;
}

/** The remote hubs of a registry. */
export class Upstreams {
  readonly #context: RegistryContext;
  readonly #hubs: readonly { readonly upstream: Upstream; readonly hub: RemoteHub }[];
  readonly #fetching = new InFlight<string, Revision>();

  /** Tokens are asked for with each request, so that a new one counts at once. */
  constructor(context: RegistryContext, secrets: Pick<Secrets, 'get'>) {
    this.#context = context;
    for (const { id, namespaces, curation } of context.config.registry.upstreams)
      if (namespaces.includes('*') && curation.allowPublishers.length === 0)
        context.log.warn({ upstream: id }, 'every namespace is mirrored: whoever takes a free name at the hub is served under it here');
    this.#hubs = context.config.registry.upstreams.map((upstream) => ({
      upstream,
      hub: new RemoteHub(upstream, tokenOf(upstream, secrets)),
    }));
  }

  /**
   * The mirrored revision for a name that somebody asks for, fetched if need be. Undefined: the repository was made here, or no
   * hub has it. Throws `registry.blocked` when the curation refuses it.
   */
  async find(name: RepositoryName, wanted: string): Promise<Mirrored | undefined> {
    if (this.#hubs.length === 0) return undefined;
    const repository = await find(this.#context.store.db, name);
    for (const { upstream, hub } of this.#hubs) {
      const isForIt = upstream.namespaces.includes('*') || upstream.namespaces.includes(name.namespace);
      // Why: whoever takes a name at a public hub must not get between people and what they made here.
      if (!isForIt || (repository !== undefined && !isMirrorOf(repository, upstream))) continue;
      const refusal = refusedPublisher(upstream.curation, name);
      if (refusal !== undefined) throw blocked(refusal);
      const found = await this.#findAt(upstream, hub, name, repository, wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.#fetching.idle();
    await Promise.all(this.#hubs.map(({ hub }) => hub.close()));
  }

  async #findAt(
    upstream: Upstream,
    hub: RemoteHub,
    name: RepositoryName,
    repository: Repository | undefined,
    wanted: string,
  ): Promise<Mirrored | undefined> {
    const { store, now } = this.#context;
    if (repository !== undefined && COMMIT.test(wanted)) {
      const own = await findRevision(store.db, repository.id, wanted);
      if (own !== undefined) return { repository, revision: own };
    }
    const freshSince = now() - upstream.checkMinutes * MINUTE_MS;
    const known = repository === undefined ? undefined : await knownCommit(store.db, repository, wanted);
    if (repository !== undefined && known !== undefined && (COMMIT.test(wanted) || known.checkedAt > freshSince)) {
      const revision = await knownRevision(store.db, repository, known.commit);
      if (revision !== undefined) return { repository, revision };
    }
    const remote = await this.#ask(hub, name, wanted, known !== undefined);
    if (remote === 'unreachable' && repository !== undefined && known !== undefined) {
      const revision = await knownRevision(store.db, repository, known.commit);
      return revision === undefined ? undefined : { repository, revision };
    }
    if (remote === undefined || remote === 'unreachable') return undefined;
    return this.#take(upstream, hub, name, wanted, remote);
  }

  /** Why not always an error: what was mirrored is served without the hub too. */
  async #ask(hub: RemoteHub, name: RepositoryName, wanted: string, isKnown: boolean): Promise<RemoteRevision | 'unreachable' | undefined> {
    try {
      return await hub.revision(name, wanted);
    } catch (error) {
      if (errorCode(error) !== 'network.refused' || !isKnown) throw error;
      this.#context.log.warn({ error: errorMessage(error), repository: repositoryId(name) }, 'the upstream does not answer');
      return 'unreachable';
    }
  }

  async #take(upstream: Upstream, hub: RemoteHub, name: RepositoryName, wanted: string, remote: RemoteRevision): Promise<Mirrored> {
    const { store, now } = this.#context;
    const before = await find(store.db, name);
    const known = before === undefined ? undefined : await knownRevision(store.db, before, remote.commit);
    const refusal = refusedRevision(upstream.curation, remote, now());
    if (refusal !== undefined && known === undefined) throw blocked(refusal);
    const revision =
      known ??
      (await this.#fetching.once(`${name.kind} ${repositoryId(name)} ${remote.commit}`, () =>
        mirrorRevision(this.#context, upstream, hub, name, remote.commit),
      ));
    const repository = (await find(store.db, name)) as Repository;
    const served = (await servedInstead(this.#context, repository, revision)) ?? revision;
    await store.transaction(async (tx) => {
      await rememberRevision(tx, repository, upstream, remote.commit, revision, now());
      await rememberCommit(tx, repository, wanted, remote.commit, served, now());
    });
    return { repository, revision };
  }
}

function tokenOf({ token, tokenEnv }: Upstream, secrets: Pick<Secrets, 'get'>): (() => Promise<string | undefined>) | undefined {
  const reference = secretIn(token, tokenEnv);
  if (reference === undefined) return undefined;
  return async () => {
    try {
      return (await secrets.get(reference)) || undefined;
    } catch (error) {
      // Why not for a reference: whoever names a secret relies on it.
      if (token === undefined && errorCode(error) === 'secret.missing') return undefined;
      throw error;
    }
  };
}

function blocked(refusal: string): CordonError {
  return new CordonError('registry.blocked', `Cordon does not mirror it: ${refusal}`);
}
