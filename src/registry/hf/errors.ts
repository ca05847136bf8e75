import { createHash } from 'node:crypto';
import { CordonError, errorCode } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import type { RegistryRequest } from '../http/env.ts';

/** Codes that Hugging Face clients turn into exceptions of their own. */
type HubCode = 'RepoNotFound' | 'RevisionNotFound' | 'EntryNotFound' | 'GatedRepo';

const HUB_CODE: Partial<Record<string, HubCode>> = {
  'repository.missing': 'RepoNotFound',
  'revision.missing': 'RevisionNotFound',
  'file.missing': 'EntryNotFound',
  'registry.blocked': 'GatedRepo',
};

const STATUS: Partial<Record<string, number>> = {
  'repository.missing': 404,
  'revision.missing': 404,
  'file.missing': 404,
  'registry.blocked': 403,
  'access.denied': 403,
  'registry.conflict': 409,
  'request.invalid': 400,
  'limit.reached': 413,
  'input.mismatch': 400,
  'input.too-large': 413,
  'format.malformed': 422,
  'format.truncated': 422,
  'quota.bytes': 413,
  'quota.repositories': 403,
  'storage.busy': 503,
  'storage.full': 507,
};

const HEADER_CHARACTERS = 1_000;

/**
 * Answers an error so that unmodified clients show its reason. Why 403 with GatedRepo for what a gate refuses: clients print the
 * message of that one at every call and do not try again; a plain 403 they take for a missing internet connection. The `hf` command
 * leaves the message out and says something else; what it shows is a warning.
 */
export function hubError(c: RegistryRequest, error: unknown, headers: Readonly<Record<string, string>> = {}, as?: number): Response {
  const code = errorCode(error);
  const status = as ?? STATUS[code] ?? 500;
  const message = status === 500 ? 'Cordon failed; its log says why' : error instanceof CordonError ? error.message : 'failed';
  const hubCode = HUB_CODE[code];
  const all: Record<string, string> = {
    ...headers,
    'Content-Type': 'application/json',
    'X-Error-Message': headerText(message),
    ...(hubCode !== undefined && { 'X-Error-Code': hubCode }),
    ...(hubCode === 'GatedRepo' && { 'X-HF-Warning': `cordon ${topicOf(message)}; ${headerText(message)}` }),
  };
  const body = c.req.method === 'HEAD' ? null : JSON.stringify({ error: message });
  return new Response(body, { status, headers: all });
}

/** Why: of several warnings about one topic clients show the first. */
function topicOf(message: string): string {
  return createHash('sha256').update(message).digest('hex').slice(0, 8);
}

/** Nobody is known by the credential. */
export function unauthorized(c: RegistryRequest): Response {
  const message = 'Invalid or missing token: set HF_TOKEN to a token of this Cordon registry';
  return new Response(c.req.method === 'HEAD' ? null : JSON.stringify({ error: message }), {
    status: 401,
    headers: { 'Content-Type': 'application/json', 'X-Error-Message': message, 'WWW-Authenticate': 'Bearer realm="cordon"' },
  });
}

/** Text that can stand in a header: ASCII, one line, bounded. */
export function headerText(text: string): string {
  return printable(text)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, HEADER_CHARACTERS);
}
