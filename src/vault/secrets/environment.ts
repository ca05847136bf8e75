import { CordonError } from '../../core/errors.ts';
import type { SecretSource } from './secret-source.ts';

/** Secrets in environment variables (`env:NAME`). */
export function environmentSource(env: NodeJS.ProcessEnv): SecretSource {
  return {
    async read({ name }) {
      const value = env[name];
      if (value === undefined || value === '') throw new CordonError('secret.missing', `the environment variable ${name} is empty`);
      return { bytes: Buffer.from(value) };
    },
  };
}
