import { CordonError, errorCode, errorMessage } from '../../../core/errors.ts';
import type { Logger } from '../../../core/logger.ts';
import type { RegistryConfig } from '../../../core/registry-config.ts';
import { secretIn } from '../../../core/secret-reference.ts';
import { newId } from '../../../store/ids.ts';
import { enqueue } from '../../../store/jobs/queue.ts';
import { type JobHandler, startRunner } from '../../../store/jobs/runner.ts';
import type { Store } from '../../../store/open-store.ts';
import type { Secrets } from '../../../vault/secrets/open-secrets.ts';
import type { Announcer } from '../announce.ts';
import { signedHeaders } from './sign.ts';

type Webhook = RegistryConfig['webhooks'][number];

interface Delivery {
  readonly webhook: string;
  readonly id: string;
  readonly event: string;
  readonly at: number;
  readonly body: object;
}

/** What {@link openWebhooks} needs. */
export interface WebhookOptions {
  readonly store: Store;
  readonly webhooks: readonly Webhook[];
  readonly log: Logger;
  /** Where their keys come from; asked for each delivery, so that a new key counts from the next on. */
  readonly secrets: Pick<Secrets, 'get'>;
  readonly now: () => number;
}

/** Announcements by HTTP, and how to end them. */
export interface Webhooks extends Announcer {
  close(): Promise<void>;
}

const KIND = 'webhook';
const TIMEOUT_MS = 15_000;
/** Tries, with growing pauses: about a day of an unreachable receiver. */
const ATTEMPTS = 12;

/**
 * Delivers announcements at least once: they are written in the transaction of the act and tried until the receiver takes them.
 * Throws `secret.missing` when there is no key. Why not when its place does not answer: deliveries wait for it.
 */
export async function openWebhooks(options: WebhookOptions): Promise<Webhooks> {
  const { store, webhooks, log, secrets } = options;
  await Promise.all(webhooks.map((webhook) => check(webhook, options)));
  const byId = new Map(webhooks.map((webhook) => [webhook.id, webhook]));
  const handler: JobHandler = {
    attempts: ATTEMPTS,
    async run(job, signal) {
      const delivery = job.payload as Delivery;
      const webhook = byId.get(delivery.webhook);
      // Why done: somebody took the receiver out of the configuration.
      if (webhook !== undefined) await deliver(webhook, delivery, await secrets.get(keyAt(webhook)), options.now(), signal);
    },
  };
  const onError = (error: unknown): void => log.warn({ error: errorMessage(error) }, 'a webhook was not delivered, it is tried again');
  // Why none without receivers: the queue need not be asked for what cannot be there.
  const runner = webhooks.length === 0 ? undefined : startRunner(store, { [KIND]: handler }, { onError });
  return {
    async announce(tx, event, body) {
      for (const { id: webhook, events } of webhooks) {
        if (events.length > 0 && !events.includes(event)) continue;
        const delivery: Delivery = { webhook, id: newId(), event, at: options.now(), body };
        await enqueue(tx, { kind: KIND, payload: delivery });
      }
    },
    wake: () => runner?.wake(),
    close: async () => runner?.drain(TIMEOUT_MS),
  };
}

function keyAt({ secret, secretEnv }: Webhook): string {
  return secretIn(secret, secretEnv) ?? '';
}

async function check(webhook: Webhook, { secrets, log }: WebhookOptions): Promise<void> {
  try {
    if ((await secrets.get(keyAt(webhook))) !== '') return;
  } catch (error) {
    if (errorCode(error) !== 'secret.unavailable') throw error;
    log.error({ webhook: webhook.id, error: errorMessage(error) }, 'the key of a webhook cannot be read; its deliveries wait');
    return;
  }
  throw new CordonError('secret.missing', `the key of the webhook ${webhook.id} is empty`);
}

async function deliver(webhook: Webhook, delivery: Delivery, key: string, now: number, signal: AbortSignal): Promise<void> {
  const body = JSON.stringify({ id: delivery.id, event: delivery.event, at: new Date(delivery.at).toISOString(), data: delivery.body });
  const response = await fetch(webhook.url, {
    method: 'POST',
    body,
    headers: signedHeaders(delivery.id, now, body, key),
    // Why not followed: a receiver must not send our announcements on to addresses nobody configured.
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  await response.body?.cancel();
  if (!response.ok) throw new CordonError('network.refused', `the webhook ${webhook.id} answered ${response.status}`);
}
