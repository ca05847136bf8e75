import type { Principal } from '../../../identity/permission.ts';
import type { Tx } from '../../../store/open-store.ts';
import type { Stop, StopKind, StopSubject } from './stop.ts';

/** What is to be stopped. */
export interface NewStop {
  readonly kind: StopKind;
  readonly value: string;
  readonly reason: string;
  /** Epoch milliseconds; left out: until it is lifted. */
  readonly expiresAt?: number;
}

/** The kill switches of the gateway: looked at on each request, in memory. */
export interface Switches {
  /** What stops this, if anything does. Microseconds, and no database. */
  stopped(subject: StopSubject): Stop | undefined;
  /** The profile of the guard that counts for it meanwhile, if it is tightened. */
  tightened(subject: StopSubject): string | undefined;
  /** Called for each new stop, of this process or another; calls under way that {@link stopped} now answers are to be cut. */
  onStop(listener: (stop: Stop) => void): () => void;
  /** Stops something: effective here before it settles, elsewhere within 250 ms. Throws `access.denied`, `request.invalid`. */
  stop(actor: Principal, wanted: NewStop): Promise<Stop>;
  /** {@link stop} in the transaction of another act, such as a recall, by whoever was found entitled. */
  stopWithin(tx: Tx, by: string, wanted: NewStop): Promise<Stop>;
  /** Ends a stop before its time. */
  lift(actor: Principal, id: string): Promise<void>;
  /** Those that count now, newest first. */
  list(actor: Principal): Promise<readonly Stop[]>;
  close(): Promise<void>;
}
