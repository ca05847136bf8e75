import { CordonError, ERRORS, type ErrorCode } from '../../core/errors.ts';

/** The status that says best what an error means; 500 for all that the client cannot do anything about. */
const STATUS: Partial<Record<ErrorCode, 400 | 401 | 403 | 404 | 409 | 413 | 422 | 503 | 507>> = {
  'request.invalid': 400,
  'usage.invalid': 400,
  'config.invalid': 400,
  'access.unauthenticated': 401,
  'access.denied': 403,
  'registry.blocked': 403,
  'repository.missing': 404,
  'revision.missing': 404,
  'file.missing': 404,
  'tracking.missing': 404,
  'registry.conflict': 409,
  'input.mismatch': 400,
  'limit.reached': 413,
  'format.malformed': 422,
  'format.truncated': 422,
  'format.unsupported': 422,
  'input.too-large': 413,
  'signature.malformed': 422,
  'signature.invalid': 422,
  'signature.untrusted': 422,
  'signature.untimed': 422,
  'signature.mismatch': 422,
  'key.unavailable': 503,
  'ledger.refused': 409,
  'policy.unavailable': 503,
  'quota.bytes': 413,
  'quota.repositories': 403,
  'storage.busy': 503,
  'storage.full': 507,
};

/** An RFC 9457 problem document. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
}

/** The problem document of an error. What is our own fault is not described to the outside. */
export function problemOf(error: CordonError): Problem {
  const status = STATUS[error.code] ?? 500;
  return {
    type: `urn:cordon:error:${error.code}`,
    title: ERRORS[error.code],
    status,
    detail: status === 500 ? ERRORS[error.code] : error.message,
    code: error.code,
  };
}

/** The answer to an error. What is not ours is a bug, and its message stays inside. */
export function problemResponse(error: unknown): Response {
  const body = problemOf(error instanceof CordonError ? error : new CordonError('internal.bug', 'failed'));
  return new Response(JSON.stringify(body), { status: body.status, headers: { 'Content-Type': 'application/problem+json' } });
}
