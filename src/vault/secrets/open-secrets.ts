import { CordonError } from '../../core/errors.ts';
import { type Logger, SILENT } from '../../core/logger.ts';
import { SecretsConfig } from '../../core/secrets-config.ts';
import { keptSecret, type KeptSecret } from './kept-secret.ts';
import { openSources } from './open-sources.ts';
import { readSecretReference } from './secret-reference.ts';
import type { SecretSource } from './secret-source.ts';
import type { SecretPlace } from '../../core/secret-reference.ts';

/** Secrets by reference, kept up to date. Values are in no log and no error. */
export interface Secrets {
  /** The value as text, without one line feed at its end. Throws `config.invalid`, `secret.missing` and `secret.unavailable`. */
  get(reference: string): Promise<string>;
  /** The value as it is, such as a key of random bytes. */
  getBytes(reference: string): Promise<Buffer>;
  /**
   * Keeps reading the secret and tells every value that differs from the one known before, the first one included when none was.
   * Returns what ends it. Throws `config.invalid` for a reference that is none.
   */
  watch(reference: string, changed: (value: string) => void): () => void;
  /** Ends all watching and forgets every value. */
  close(): Promise<void>;
}

export interface SecretsOptions {
  /** The section `secrets` of the configuration. */
  readonly config?: SecretsConfig;
  /** Folder that `file:` references are relative to. Default: the working directory. */
  readonly folder?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: Logger;
  readonly now?: () => number;
  /** Places in stead of those that the configuration opens. */
  readonly sources?: Partial<Readonly<Record<SecretPlace, SecretSource>>>;
}

/** Opens the places that secrets come from. None is spoken to before a reference names it. */
export function openSecrets(options: SecretsOptions = {}): Secrets {
  const { config = SecretsConfig.parse({}), folder = process.cwd(), env = process.env, log = SILENT, now = Date.now } = options;
  const sources = { ...openSources({ config, folder, env, now }), ...options.sources };
  const kept = new Map<string, KeptSecret>();
  let isClosed = false;

  function secret(text: string): KeptSecret {
    if (isClosed) throw new CordonError('secret.unavailable', 'secrets are closed');
    const reference = readSecretReference(text);
    let found = kept.get(text);
    if (found === undefined) kept.set(text, (found = keptSecret(reference, text, sources[reference.place], { config, log, now })));
    return found;
  }

  return {
    get: async (reference) => textOf(await secret(reference).get(), reference),
    getBytes: async (reference) => Buffer.from(await secret(reference).get()),
    watch: (reference, changed) => secret(reference).watch((bytes) => changed(textOf(bytes, reference))),
    async close() {
      isClosed = true;
      for (const one of kept.values()) one.close();
      kept.clear();
      await Promise.all(Object.values(sources).map((source) => source.close?.()));
    },
  };
}

function textOf(bytes: Buffer, reference: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new CordonError('secret.unavailable', `${reference} is no text in UTF-8`);
  }
}
