import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../core/config.ts';
import type { PolicySources } from '../policy/open-policy.ts';
import type { Secrets } from '../vault/secrets/open-secrets.ts';

/** What a policy is opened with, and how to end it. */
export interface OpenPolicySources extends PolicySources {
  close(): Promise<void>;
}

/** Reads for the policy of a command. Why places of secrets are opened by the first one asked for: most policies need none. */
export function policySources(config: Pick<Config, 'secrets'>, folder: string, env: NodeJS.ProcessEnv = process.env): OpenPolicySources {
  let opened: Promise<Secrets> | undefined;
  return {
    readBundle: (path) => readFile(resolve(folder, path)),
    async secret(reference) {
      opened ??= import('../vault/secrets/open-secrets.ts').then(({ openSecrets }) => openSecrets({ config: config.secrets, folder, env }));
      return (await opened).get(reference);
    },
    close: async () => (await opened)?.close(),
  };
}
