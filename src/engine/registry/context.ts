import type { Config } from '../../core/config.ts';
import type { Logger } from '../../core/logger.ts';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import type { TrustPolicy } from '../../evidence/signature/trust-policy.ts';
import type { Store } from '../../store/open-store.ts';
import type { Secrets } from '../../vault/secrets/open-secrets.ts';
import type { Admission } from './admit.ts';
import type { Announcer } from './announce.ts';
import type { Attestor } from './evidence/attestor.ts';
import type { Denials } from './denials.ts';
import type { InFlight } from './in-flight.ts';
import type { Pulls } from './pulls.ts';
import type { Scanners } from './scanners.ts';

/** What every act of the registry works with. Made once by the server or a command. */
export interface RegistryContext {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly scanners: Scanners;
  /** One worker of its own for conversions. Why: they take long, and scans must not wait for them. */
  readonly converter: Scanners;
  /** Folder for files that are being made. */
  readonly scratch: string;
  readonly config: Config;
  /** Folder that relative paths in the configuration start from. */
  readonly configFolder: string;
  /** Where tokens of policy servers come from. */
  readonly secrets: Pick<Secrets, 'get'>;
  readonly announcer: Announcer;
  /** Whose signatures and attestations count. */
  readonly trust: TrustPolicy;
  /** Signs what the registry says; undefined: it has no key. */
  readonly attestor: Attestor | undefined;
  /** Scans and decisions under way, by repository and manifest. */
  readonly admissions: InFlight<string, Admission>;
  /** What follows from admissions, by repository and manifest. */
  readonly followUps: InFlight<string, void>;
  readonly pulls: Pulls;
  readonly denials: Denials;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
