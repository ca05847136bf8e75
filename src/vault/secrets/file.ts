import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { SECRET_BYTES } from './limits.ts';
import type { SecretSource } from './secret-source.ts';

/** Secrets in files (`file:/path`), such as those that Docker, systemd and Kubernetes mount. Relative to `folder`. */
export function fileSource(folder: string): SecretSource {
  return {
    pollMs: 5_000,
    read: async ({ name }) => ({ bytes: await readSecretFile(resolve(folder, name), `file:${name}`) }),
  };
}

/** The bytes of a bounded file that is not empty. Throws `secret.*` about `name`. */
export async function readSecretFile(path: string, name: string): Promise<Buffer> {
  try {
    const handle = await open(path, 'r');
    try {
      if (!(await handle.stat()).isFile()) throw new CordonError('secret.unavailable', `${name} is no file`);
      const buffer = Buffer.alloc(SECRET_BYTES + 1);
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      if (length > SECRET_BYTES) throw new CordonError('secret.unavailable', `${name} is larger than ${SECRET_BYTES} bytes`);
      if (length === 0) throw new CordonError('secret.missing', `${name} is empty`);
      return Buffer.from(buffer.subarray(0, length));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof CordonError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new CordonError('secret.missing', `${name} does not exist`);
    throw new CordonError('secret.unavailable', `${name} cannot be read: ${code ?? 'unknown reason'}`);
  }
}
