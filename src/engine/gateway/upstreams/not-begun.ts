import type { CordonError } from '../../../core/errors.ts';

const notBegun = new WeakSet<CordonError>();

/** Notes that the provider did nothing of the request that failed so. Why beside the error: it is nothing for clients. */
export function noteNotBegun(error: CordonError): CordonError {
  notBegun.add(error);
  return error;
}

/** Whether it is certain that the provider did nothing: nothing reached it, or it answered with a refusal. */
export function wasNotBegun(error: unknown): boolean {
  return typeof error === 'object' && error !== null && notBegun.has(error as CordonError);
}
