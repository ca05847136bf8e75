import { createHmac } from 'node:crypto';

/**
 * The headers of a delivery, in the form of Standard Webhooks: an id that stays the same when it is tried again, a time against
 * replay, and an HMAC-SHA256 over id, time and body.
 */
export function signedHeaders(id: string, at: number, body: string, key: string): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(at / 1_000));
  const signature = createHmac('sha256', bytesOf(key)).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'user-agent': 'cordon',
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${signature}`,
  };
}

/** Why: receivers that use a library of Standard Webhooks know the key as `whsec_` and base64, and sign with what that stands for. */
function bytesOf(key: string): Buffer {
  return key.startsWith('whsec_') ? Buffer.from(key.slice('whsec_'.length), 'base64') : Buffer.from(key);
}
