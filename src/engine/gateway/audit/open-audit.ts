import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CordonError, errorMessage } from '../../../core/errors.ts';
import type { GatewayAuditConfig } from '../../../core/gateway-audit-config.ts';
import type { Logger } from '../../../core/logger.ts';
import { appendEntry } from '../../../evidence/ledger/append.ts';
import { newId } from '../../../store/ids.ts';
import type { Store } from '../../../store/open-store.ts';
import type { Secrets } from '../../../vault/secrets/open-secrets.ts';
import type { Audit } from './audit.ts';
import { MasterKeys } from './content/master-keys.ts';
import { readContent } from './content/read-content.ts';
import { Sealer } from './content/sealer.ts';
import { type Drain, DrainLoop } from './drain-loop.ts';
import { drainEntry, type DrainPassword, DrainThread } from './drain-thread.ts';
import { queryExchanges } from './exchanges.ts';
import { FRAME } from './journal/frame.ts';
import { Journal } from './journal/journal.ts';
import { isOwned, ownFolder } from './journal/owner.ts';
import { recordText } from './record-text.ts';
import { queryUsage } from './usage.ts';

/** What {@link openAudit} needs. */
export interface AuditOptions {
  readonly config: GatewayAuditConfig;
  readonly store: Store;
  /** Folder for journals in the data folder; each worker gets one of its own in it. */
  readonly folder: string;
  readonly secrets: Pick<Secrets, 'get' | 'watch'>;
  readonly log: Logger;
  /** Number of this worker process, from 0. The first one also takes over what workers left that are there no more. */
  readonly worker?: number;
  /** How many there are. */
  readonly workers?: number;
  /** A database that a thread of its own may open, so that taking records there never holds up requests. */
  readonly database?: string;
  /** Where that thread finds the password. */
  readonly databasePassword?: DrainPassword | undefined;
  /** The bundle of that thread; default: beside the bundle that runs, and none where the sources run. */
  readonly drainEntry?: URL;
  readonly now?: () => number;
}

/** Opens the audit: takes over what a crash left in the journals, and accepts records at once. */
export async function openAudit(options: AuditOptions): Promise<Audit> {
  const { store, secrets, log, worker = 0, workers = 1, now = Date.now } = options;
  let { config } = options;
  const folder = join(options.folder, `worker-${worker}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const disown = ownFolder(folder);
  const counts = { appended: 0, stored: 0, removedBytes: 0 };
  let drainProblem: string | undefined;
  let failedSince: number | undefined;
  let lostBefore = 0;
  const run = newId(now());
  const journal = new Journal({
    folder,
    run,
    durability: config.durability,
    syncMs: config.syncMs,
    now,
    onWritten: () => drain.advance(journal.written),
    onState: (failure) => {
      if (failure !== undefined) {
        failedSince ??= now();
        log.error({ problem: failure }, 'records of the gateway cannot be written');
        return;
      }
      log.info({}, 'records of the gateway are written again');
      void reportLost();
    },
  });
  const adopt = worker === 0 ? await abandoned(options.folder, workers) : [];
  const entry = options.database === undefined ? undefined : (options.drainEntry ?? drainEntry());
  const events = {
    stored: (_sequence: number, records: number) => void (counts.stored += records),
    removed: (segment: number) => journal.removed(segment),
    problem: (failure: string | undefined) => void (drainProblem = failure),
  };
  const drain: Drain =
    entry === undefined
      ? new DrainLoop({ store, folder, log, now, adopt }, run, events)
      : new DrainThread({ database: options.database!, password: options.databasePassword, folder, adopt, run }, log, events, entry);
  const keys = new MasterKeys(store, secrets, log);
  let sealer: Sealer | undefined;
  const useKeys = (): Promise<void> =>
    keys.use(config, (key) => {
      if (sealer === undefined) sealer = new Sealer(key, (row) => journal.add(FRAME.key, JSON.stringify(row)));
      else sealer.use(key);
    });
  try {
    await useKeys();
  } catch (error) {
    await drain.close(journal.written);
    disown();
    throw error;
  }

  async function expire(): Promise<void> {
    // Why: a gateway that nobody uses would keep its last segment, with keys in it; the next frame begins another.
    journal.add(FRAME.empty, '');
    await journal.flush();
    await drain.flush(journal.written);
    await keys.rewrap();
    const { contentDays, recordDays, usageDays } = config;
    await drain.expire({ contentDays, recordDays, usageDays });
  }
  // Why soon after the start: a server that is started anew every day must remove what is old, too.
  const expireSoon = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      timer = expireSoon(EXPIRE_MS.between);
      expire().catch((error: unknown) => log.error({ error: errorMessage(error) }, 'what is too old could not be removed'));
    }, ms).unref();
  let timer = worker === 0 ? expireSoon(EXPIRE_MS.first) : undefined;

  /** Records that were given up are at least counted where nobody can take the count away. */
  async function reportLost(): Promise<void> {
    const lost = journal.lost - lostBefore;
    const since = failedSince ?? now();
    failedSince = undefined;
    if (lost === 0) return;
    lostBefore = journal.lost;
    await store
      .transaction((tx) => appendEntry(tx, { kind: 'gateway.records-lost', body: { lost, since, until: now() } }))
      .catch((error: unknown) => log.error({ lost, error: errorMessage(error) }, 'the number of lost records could not be written'));
  }

  function problem(): string | undefined {
    if (journal.problem !== undefined) return journal.problem;
    if (journal.bytes <= config.journalMaxBytes) return undefined;
    return `too many records wait for the database${drainProblem === undefined ? '' : `: ${drainProblem}`}`;
  }

  return {
    refusal() {
      if (config.failure === 'allow') return undefined;
      const why = problem();
      return why === undefined ? undefined : new CordonError('gateway.unavailable', `requests cannot be recorded: ${why}`);
    },
    append(record, content) {
      counts.appended++;
      const isKept = content !== undefined && config.content === 'redacted' && sealer !== undefined;
      const sealed = isKept ? sealer!.seal(record.id, content, { maxBytes: config.contentMaxBytes, now: now() }) : undefined;
      const text = recordText(record, sealed?.note);
      const done =
        sealed === undefined ? journal.append(FRAME.record, text) : journal.append(FRAME.sealed, withSealed(text, sealed.sealed));
      return config.failure === 'allow' ? done.catch(() => undefined) : done;
    },
    usage: (query) => queryUsage(store, query),
    exchanges: (query) => queryExchanges(store, query),
    readContent: (reader, id) => readContent(store, keys, reader, id),
    expire,
    state: () => ({
      appended: counts.appended,
      stored: counts.stored,
      journalBytes: journal.bytes,
      lost: journal.lost,
      problem: problem() ?? drainProblem ?? null,
    }),
    async reconfigure(next) {
      const former = config;
      config = next;
      try {
        await useKeys();
      } catch (error) {
        config = former;
        throw error;
      }
      journal.reconfigure(next);
    },
    async flush() {
      await journal.flush();
      await drain.flush(journal.written);
    },
    async close() {
      clearTimeout(timer);
      await journal.flush();
      // Why with a limit: what is left is in the journal, and the next start takes it.
      await Promise.race([drain.flush(journal.written), new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())]);
      await journal.close();
      if (journal.lost > lostBefore) await reportLost();
      await drain.close(journal.written);
      keys.close();
      disown();
    },
  };
}

const CLOSE_MS = 5_000;
const EXPIRE_MS = { first: 60_000, between: 6 * 3_600_000 } as const;

/** A record with its sealed content: length of the record, the record, the rest. */
function withSealed(text: string, sealed: Buffer): Buffer {
  const length = Buffer.byteLength(text);
  const payload = Buffer.allocUnsafe(4 + length + sealed.length);
  payload.writeUInt32LE(length);
  payload.write(text, 4);
  payload.set(sealed, 4 + length);
  return payload;
}

/** Folders of workers beyond those that there are now, which nobody else takes over. */
async function abandoned(folder: string, workers: number): Promise<readonly string[]> {
  const folders = (await readdir(folder)).flatMap((name) => {
    const number = /^worker-(\d{1,4})$/.exec(name)?.[1];
    return number !== undefined && Number(number) >= workers ? [join(folder, name)] : [];
  });
  return folders.filter((path) => !isOwned(path));
}
