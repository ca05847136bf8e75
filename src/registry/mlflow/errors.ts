import { CordonError, errorCode, type ErrorCode } from '../../core/errors.ts';

/** Names of errors that MLflow clients know. */
type MlflowCode =
  | 'RESOURCE_ALREADY_EXISTS'
  | 'RESOURCE_DOES_NOT_EXIST'
  | 'RESOURCE_CONFLICT'
  | 'INVALID_PARAMETER_VALUE'
  | 'PERMISSION_DENIED'
  | 'UNAUTHENTICATED'
  | 'RESOURCE_LIMIT_EXCEEDED'
  | 'NOT_IMPLEMENTED'
  | 'TEMPORARILY_UNAVAILABLE'
  | 'ENDPOINT_NOT_FOUND'
  | 'INTERNAL_ERROR';

const STATUS: Readonly<Record<MlflowCode, number>> = {
  RESOURCE_ALREADY_EXISTS: 400,
  RESOURCE_DOES_NOT_EXIST: 404,
  RESOURCE_CONFLICT: 409,
  INVALID_PARAMETER_VALUE: 400,
  PERMISSION_DENIED: 403,
  UNAUTHENTICATED: 401,
  RESOURCE_LIMIT_EXCEEDED: 413,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
  ENDPOINT_NOT_FOUND: 404,
  INTERNAL_ERROR: 500,
};

const CODES: Partial<Record<ErrorCode, MlflowCode>> = {
  'registry.conflict': 'RESOURCE_ALREADY_EXISTS',
  'repository.missing': 'RESOURCE_DOES_NOT_EXIST',
  'revision.missing': 'RESOURCE_DOES_NOT_EXIST',
  'file.missing': 'RESOURCE_DOES_NOT_EXIST',
  'tracking.missing': 'RESOURCE_DOES_NOT_EXIST',
  'registry.blocked': 'PERMISSION_DENIED',
  'access.denied': 'PERMISSION_DENIED',
  'access.unauthenticated': 'UNAUTHENTICATED',
  'request.invalid': 'INVALID_PARAMETER_VALUE',
  'input.mismatch': 'INVALID_PARAMETER_VALUE',
  'limit.reached': 'INVALID_PARAMETER_VALUE',
  'quota.bytes': 'RESOURCE_LIMIT_EXCEEDED',
  'quota.repositories': 'PERMISSION_DENIED',
  'storage.busy': 'TEMPORARILY_UNAVAILABLE',
  'policy.unavailable': 'TEMPORARILY_UNAVAILABLE',
};

/** Answers an error in the form MLflow clients read. What is our own fault is not described to the outside. */
export function mlflowError(error: unknown): Response {
  const code = CODES[errorCode(error)] ?? 'INTERNAL_ERROR';
  const message = code === 'INTERNAL_ERROR' || !(error instanceof CordonError) ? 'Cordon failed; its log says why' : error.message;
  return refused(code, message);
}

/** An error that has no counterpart in Cordon's own catalogue. */
export function refused(code: MlflowCode, message: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify({ error_code: code, message }), {
    status: STATUS[code],
    headers: { ...headers, 'Content-Type': 'application/json' },
  });
}

/** Nobody is known by the credential. */
export function unauthorized(): Response {
  return refused('UNAUTHENTICATED', 'set MLFLOW_TRACKING_TOKEN to a token of this Cordon registry', {
    'WWW-Authenticate': 'Bearer realm="cordon", Basic realm="cordon"',
  });
}
