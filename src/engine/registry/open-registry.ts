import { tmpdir } from 'node:os';
import type { Config } from '../../core/config.ts';
import { type Logger, SILENT } from '../../core/logger.ts';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import type { Store } from '../../store/open-store.ts';
import { openSecrets, type Secrets } from '../../vault/secrets/open-secrets.ts';
import type { Admission } from './admit.ts';
import { type Announcer, SILENT_ANNOUNCER } from './announce.ts';
import type { RegistryContext } from './context.ts';
import type { Attestor } from './evidence/attestor.ts';
import { openTrust } from './evidence/open-trust.ts';
import { Denials } from './denials.ts';
import { InFlight } from './in-flight.ts';
import { Pulls } from './pulls.ts';
import { Scanners } from './scanners.ts';

/** What a registry is made from. Store and blobs stay the caller's to close. */
export interface RegistryParts {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly config: Config;
  readonly configFolder?: string;
  /** Default: places that need no configuration, such as the environment. */
  readonly secrets?: Pick<Secrets, 'get'>;
  readonly announcer?: Announcer;
  /** Or what says which counts now, where keys are rotated. */
  readonly attestor?: Attestor | (() => Attestor);
  /** Folder for files that are being made; default: that of the system. */
  readonly scratch?: string;
  readonly log?: Logger;
  readonly now?: () => number;
}

/** A registry ready to work, and how to end it. */
export interface OpenRegistry {
  readonly context: RegistryContext;
  /** Finishes what is under way and ends the workers. */
  close(): Promise<void>;
}

/** Puts together what every act of the registry works with. */
export function openRegistry(parts: RegistryParts): OpenRegistry {
  const { store, blobs, config, log = SILENT } = parts;
  const scanners = new Scanners(config.limits, config.scan.jobs);
  const converter = new Scanners(config.limits, 1);
  const pulls = new Pulls(store, log);
  const denials = new Denials(store, log);
  const admissions = new InFlight<string, Admission>();
  const followUps = new InFlight<string, void>();
  const configFolder = parts.configFolder ?? process.cwd();
  const context: RegistryContext = {
    store,
    blobs,
    config,
    configFolder,
    scanners,
    converter,
    scratch: parts.scratch ?? tmpdir(),
    pulls,
    denials,
    admissions,
    followUps,
    secrets: parts.secrets ?? openSecrets({ folder: configFolder }),
    announcer: parts.announcer ?? SILENT_ANNOUNCER,
    trust: openTrust(config.registry.trust, configFolder),
    get attestor() {
      return typeof parts.attestor === 'function' ? parts.attestor() : parts.attestor;
    },
    log,
    now: parts.now ?? Date.now,
  };
  return {
    context,
    async close() {
      await admissions.idle();
      await followUps.idle();
      await pulls.flush();
      await denials.flush();
      await scanners.close();
      await converter.close();
    },
  };
}
