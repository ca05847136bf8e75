import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Config } from '../core/config.ts';
import { CordonError, errorMessage } from '../core/errors.ts';
import { type Logger, SILENT } from '../core/logger.ts';
import { quarantineDamaged } from '../engine/registry/maintenance/damage.ts';
import { openRegistry } from '../engine/registry/open-registry.ts';
import { recountAll } from '../engine/registry/quotas.ts';
import { Upstreams } from '../engine/registry/upstream/upstreams.ts';
import { openWebhooks } from '../engine/registry/webhooks/open-webhooks.ts';
import { appendEntry } from '../evidence/ledger/append.ts';
import { openLedger } from '../evidence/ledger/ledger.ts';
import { openSigner } from '../evidence/ledger/note/signer.ts';
import { openIdentity } from '../identity/identity.ts';
import { quickDownload } from '../registry/hf/quick-download.ts';
import { Served } from '../registry/hf/served.ts';
import { openBlobs } from '../store/blobs/open-blobs.ts';
import { openStore } from '../store/open-store.ts';
import { openAttestor } from './attestor.ts';
import { startBackgroundWork } from './background-work.ts';
import { openOwners } from './workers/open-owners.ts';
import { otherMetrics, sharePasswordFailures } from './workers/shared-state.ts';
import type { WorkerLink } from './workers/worker-link.ts';
import { openSecrets } from '../vault/secrets/open-secrets.ts';
import { watchChanges } from '../engine/gateway/changes/watch-changes.ts';
import { openGateway } from './gateway/open-gateway.ts';
import { accessOf } from './access.ts';
import { openListener } from './tls-server.ts';
import { cookieNames } from '../identity/sessions/cookies.ts';
import type { RegistryRequest } from '../registry/http/env.ts';
import { publicUrl } from '../registry/http/public-url.ts';
import { serverApp } from './app.ts';
import { CHECKPOINT_FILE, LEDGER_KEY_FILE } from './data-folder.ts';
import { firstAdminKey } from './first-admin-key.ts';
import { Drain } from './drain.ts';
import { endIdleConnections } from './idle-connections.ts';
import { requireMetricsReader } from './metrics.ts';
import { readiness } from './readiness.ts';
import { secretFile } from './secret-file.ts';

/** What the server runs with. */
export interface ServerOptions {
  readonly config: Config;
  /** Folder that relative paths in the configuration start from. */
  readonly configFolder: string;
  readonly log?: Logger;
  /** Where this is one of several processes of a server. */
  readonly link?: WorkerLink | undefined;
}

/** A running server. */
export interface RunningServer {
  /** Where it is reached, without a slash at the end. */
  readonly url: string;
  /** Key of the first administrator; at the first start, and then until it was shown or used. */
  readonly adminKey: string | undefined;
  /** To be told once somebody has seen that key. */
  adminKeyShown(): Promise<void>;
  /**
   * Takes over what the configuration says of the gateway, the guard and the tool policy, as a whole or not at all; the rest counts from
   * the next start. Returns whether anything changed. Throws `config.invalid` and keeps the one before.
   */
  reconfigure(config: Config): Promise<boolean>;
  /** Lets requests under way finish, then closes everything. */
  close(): Promise<void>;
}

const TICKET_KEY_BYTES = 32;

/** Opens the database and the blobs, decides what a crash left undecided, and listens. Throws `config.invalid` or `storage.*`. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, configFolder, log = SILENT, link } = options;
  const isFirst = link === undefined || link.place.number === 0;
  const data = resolve(configFolder, config.server.data);
  await mkdir(data, { recursive: true, mode: 0o700 });
  const secrets = openSecrets({ config: config.secrets, folder: configFolder, log });
  const { databasePassword, ledgerKey } = config.server;
  const password = databasePassword === undefined ? undefined : () => secrets.get(databasePassword);
  // Why once before: the driver tells a password that cannot be had as one that is wrong.
  await password?.();
  const store = await openStore({ database: config.server.database ?? join(data, 'cordon.db'), password });
  let damaged = (_sha256: string): void => undefined;
  const onCorrupt = (sha256: string): void => damaged(sha256);
  const blobs = await openBlobs({ location: config.server.blobs ?? join(data, 'blobs'), folder: join(data, 'blob-cache'), onCorrupt });
  const signer = await openSigner({
    file: join(data, LEDGER_KEY_FILE),
    env: 'CORDON_LEDGER_KEY',
    text: ledgerKey && (await secrets.get(ledgerKey)),
  });
  const ledger = await openLedger({ store, signer, checkpointFile: join(data, CHECKPOINT_FILE), log });
  const identity = openIdentity({
    store,
    record: appendEntry,
    access: config.access,
    trustedProxies: config.server.trustedProxies,
    secrets,
    log,
  });
  const webhooks = await openWebhooks({
    store,
    webhooks: config.registry.webhooks,
    log,
    secrets,
    now: Date.now,
  });
  const attestor = await openAttestor({ config, configFolder, data, store, secrets, log });
  const registry = openRegistry({
    store,
    blobs,
    config,
    configFolder,
    log,
    announcer: webhooks,
    secrets,
    attestor: attestor.current,
    scratch: join(data, 'scratch'),
  });
  damaged = (sha256) => {
    quarantineDamaged(registry.context, { sha256, problem: 'corrupt' }).catch((error: unknown) =>
      log.error({ sha256, error: errorMessage(error) }, 'damage was not recorded'),
    );
  };
  const firstAdmin = isFirst ? await firstAdminKey(identity, data) : undefined;
  const watch = await watchChanges({ store, log });
  const owners = link === undefined ? undefined : await openOwners({ place: link.place, folder: link.folder, log });
  if (link !== undefined) sharePasswordFailures(identity, link);
  const { gateway, switches, ...models } = await openGateway({
    config,
    configFolder,
    data,
    store,
    identity,
    watch,
    announcer: webhooks,
    secrets,
    log,
    link,
    owners,
  });
  const upstreams = new Upstreams(registry.context, secrets);
  const cookies = cookieNames(config.server.tls !== undefined || config.server.publicUrl?.startsWith('https:') === true);
  const access = accessOf(identity, { key: await ticketKey(data), cookies });
  const login = {
    identity,
    cookies,
    urlOf: (c: RegistryRequest) => publicUrl(c, registry.context),
  };
  const served = new Served();
  const app = serverApp({
    served,
    upstreams,
    registry: registry.context,
    identity,
    ledger,
    access,
    routes: async () => {
      const { moreRoutes } = await import('./api/more-routes.ts');
      return moreRoutes({ login, switches, services: models.services, gateway, store });
    },
    log,
    missing: readiness(
      [
        { name: 'the database', check: async () => void (await store.db.selectFrom('principal').select('id').limit(1).execute()) },
        { name: 'records of the gateway', check: () => refuse(models.services.audit.refusal()) },
      ],
      log,
    ),
    async metrics(request) {
      await requireMetricsReader(request, access, config.server.metrics);
      return models.services.telemetry.renderMetrics(link && (await otherMetrics(link)));
    },
  });
  const routes = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const quick = quickDownload(registry.context, access, served);
  // Why now: the configuration may have given or taken quotas while nobody counted.
  if (isFirst) await recountAll(registry.context);
  const listener = await openListener({ tls: config.server.tls, folder: configFolder, log }, (request, response) => {
    if (gateway.handles(request.url ?? '')) return gateway.handle(request, response);
    const answered = quick(request, response);
    if (answered === false) void routes(request, response);
    else void answered.then((isAnswered) => (isAnswered ? undefined : routes(request, response)));
  });
  const { server } = listener;
  endIdleConnections(server);
  const drain = new Drain(server);
  // Why first: whoever answers may have to be passed on to.
  await owners?.listen((request, response) => gateway.handle(request, response));
  await listen(server, config.server.host, config.server.port);
  const endBackgroundWork = isFirst ? startBackgroundWork(registry.context) : undefined;
  link?.ready();
  return {
    url: config.server.publicUrl ?? addressOf(server, config.server.tls !== undefined),
    adminKey: firstAdmin?.secret,
    adminKeyShown: async () => firstAdmin?.shown(),
    reconfigure: (next) => models.reconfigure(next),
    async close() {
      listener.close();
      const drained = drain.end();
      gateway.endStreams();
      await Promise.all([drained, owners?.end()]);
      await models.close();
      await watch.close();
      await endBackgroundWork?.();
      await upstreams.close();
      await registry.close();
      attestor.close();
      await webhooks.close();
      await identity.close();
      await secrets.close();
      // Last, so that everything above is signed.
      await ledger.close();
      await blobs.close();
      await store.close();
    },
  };
}

/** The key that signs upload and download addresses; made at the first start, readable by the owner only. */
async function ticketKey(data: string): Promise<Uint8Array> {
  const file = join(data, 'ticket.key');
  const key = await secretFile(file, () => randomBytes(TICKET_KEY_BYTES));
  if (key.length < TICKET_KEY_BYTES)
    throw new CordonError('config.invalid', `${file} is too short to be a key; remove it to have a new one made`);
  return key;
}

function refuse(problem: CordonError | undefined): void {
  if (problem !== undefined) throw problem;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((settled, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'somebody else listens there' : error.message;
      failed(new CordonError('config.invalid', `cannot listen on ${host}:${port}: ${why}`, { cause: error }));
    });
    server.listen(port, host, settled);
  });
}

function addressOf(server: Server, isTls: boolean): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `${isTls ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
