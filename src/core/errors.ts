/**
 * Every error Cordon raises on purpose: what it means and what to do. The docs page and HTTP problem documents are made from
 * this catalogue.
 */
export const ERRORS = {
  'format.malformed': 'The bytes are not what the format demands.',
  'format.truncated': 'The bytes end before the structure does.',
  'format.unsupported': 'The structure is valid but uses a feature that Cordon does not read.',
  'format.encrypted': 'The content is encrypted.',
  'limit.reached': 'A limit of the scan was reached before the content was read to its end.',
  'input.missing': 'The path does not exist.',
  'input.unreadable': 'The path exists but cannot be read.',
  'config.invalid': 'The configuration or policy file is not valid.',
  'usage.invalid': 'The command line is not valid.',
  'policy.unavailable': 'The policy engine did not answer, so the gate denies.',
  'network.refused': 'The address is not allowed or did not answer.',
  'convert.refused': 'The model cannot be converted without executing or changing something.',
  'model.unsignable': 'The folder holds something a signature cannot cover: links, special files, names that are no text.',
  'signature.malformed': 'The signature file is not what its format demands.',
  'signature.invalid': 'The signature does not match what it claims to cover.',
  'signature.untrusted': 'Nobody who is trusted made the signature.',
  'signature.untimed': 'Nothing trusted says when the signature was made, and what is trusted is not valid now.',
  'signature.mismatch': 'The files are not the ones that were signed.',
  'key.invalid': 'The key cannot be used for this.',
  'key.unavailable': 'The service that holds the key, or takes part in signing, did not answer as expected.',
  'secret.missing': 'There is no such secret where the configuration says it is, or it is empty.',
  'secret.unavailable': 'The place that holds a secret did not answer as expected, and there is no last value that may still be used.',
  'request.invalid': 'The request does not say what the protocol demands.',
  'access.denied': 'The credential does not allow this.',
  'repository.missing': 'There is no such repository, or the credential may not see it.',
  'revision.missing': 'The repository has no such branch, tag or revision.',
  'file.missing': 'The revision has no such file.',
  'tracking.missing': 'There is no such experiment, run, logged model or artifact, or the credential may not see it.',
  'registry.conflict': 'Somebody else changed the same thing first, or it exists already.',
  'registry.blocked': 'A gate refuses it.',
  'access.unauthenticated': 'There is no valid credential.',
  'gateway.refused': 'The guard refuses what was said, or what is to be done.',
  'gateway.limited': 'A limit or a budget is used up.',
  'gateway.stopped': 'An operator or an automatic defence has stopped this.',
  'gateway.unavailable': 'The gateway cannot do this safely now: try again later.',
  'model.missing': 'There is no such model, or the credential may not use it.',
  'upstream.failed': 'The model provider did not answer as expected.',
  'upstream.late': 'The model provider did not answer in time.',
  'ledger.refused': 'The ledger cannot hold or prove this.',
  'ledger.tampered': 'The ledger is not what was signed: something was changed, removed or rolled back.',
  'input.mismatch': 'The bytes have another size or digest than was announced.',
  'input.too-large': 'The input is larger than is accepted.',
  'quota.bytes': 'The namespace holds as many bytes as it may hold. Delete something, or have the quota raised.',
  'quota.repositories': 'The namespace has as many repositories as it may have. Delete one, or have the quota raised.',
  'storage.missing': 'The content is not in the store.',
  'storage.corrupt': 'Stored bytes are not what their digest says.',
  'storage.full': 'The disk or its quota is full. Nothing that was acknowledged is lost.',
  'storage.busy': 'Somebody else is writing the same thing, or the database is busy: try again.',
  'storage.unavailable': 'The database or the blob store cannot be used.',
  'internal.bug': 'Cordon itself failed. Please report it.',
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** The one error class: a code from {@link ERRORS}, a message with the particulars, the cause kept. */
export class CordonError extends Error {
  override readonly name = 'CordonError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** `format.malformed` with the byte offset. */
export function malformed(message: string, offset?: number): CordonError {
  return new CordonError('format.malformed', offset === undefined ? message : `${message} at byte ${offset}`);
}

/** `format.truncated` with the byte offset. */
export function truncated(message: string, offset?: number): CordonError {
  return new CordonError('format.truncated', offset === undefined ? message : `${message} at byte ${offset}`);
}

/** The code of an error, `internal.bug` for one that is not ours. */
export function errorCode(error: unknown): ErrorCode {
  return error instanceof CordonError ? error.code : 'internal.bug';
}

/** The message of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
