import { AsyncLocalStorage } from 'node:async_hooks';
import { CordonError } from '../core/errors.ts';

interface Scope {
  open: boolean;
}

const scopes = new AsyncLocalStorage<Scope>();
/** Transactions under way. */
let running = 0;

/** Runs the work of a transaction so that {@link refuseOutsideStatement} knows what belongs to it. */
export async function withinTransaction<T>(work: () => Promise<T>): Promise<T> {
  const scope = { open: true };
  running++;
  try {
    return await scopes.run(scope, work);
  } finally {
    scope.open = false;
    // Why: as long as it is in use, Node 20 and 22 call a hook for every promise and callback of the process.
    if (--running === 0) scopes.disable();
  }
}

/** Why: a statement that needs the lock its own caller holds would wait for itself for ever; an error names the mistake. */
export function refuseOutsideStatement(): void {
  if (scopes.getStore()?.open === true)
    throw new CordonError('internal.bug', 'a statement was made on the store inside a transaction; it must be made on the transaction');
}
