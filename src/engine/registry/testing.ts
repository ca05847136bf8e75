import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../core/config.ts';
import { compilePrincipal, type Principal } from '../../identity/permission.ts';
import { compileRoles } from '../../identity/permissions/roles.ts';
import { openDiskBlobs } from '../../store/blobs/disk.ts';
import { openStore } from '../../store/open-store.ts';
import { commit, type Commit } from './commit.ts';
import type { RegistryContext } from './context.ts';
import { openRegistry, type RegistryParts } from './open-registry.ts';
import type { Repository } from './repositories.ts';
import type { Revision } from './revisions.ts';
import { upload } from './upload.ts';

/** A registry in a temporary folder, for tests. */
export interface TestRegistry {
  readonly context: RegistryContext;
  /** Holds a role in a namespace, or everywhere. */
  person(name: string, role: string, object?: string): Promise<Principal>;
  /** Uploads files and commits them to a branch. */
  push(
    principal: Principal,
    repository: Repository,
    files: Readonly<Record<string, string | Uint8Array>>,
    change?: Partial<Commit>,
  ): Promise<Revision>;
  close(): Promise<void>;
}

/** Opens an empty registry on SQLite and a disk. */
export async function testRegistry(config: object = {}, parts: Partial<RegistryParts> = {}): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-registry-'));
  const store = await openStore({ database: join(folder, 'cordon.db') });
  const blobs = await openDiskBlobs({ folder: join(folder, 'blobs') });
  const registry = openRegistry({ store, blobs, config: Config.parse({ scan: { jobs: 1 }, ...config }), ...parts });
  const { context } = registry;
  return {
    context,
    async person(name, role, object = '*') {
      const now = Date.now();
      const row = {
        kind: 'user',
        name,
        email: null,
        password_hash: null,
        oidc_issuer: null,
        oidc_subject: null,
        disabled_at: null,
      } as const;
      await store.db
        .insertInto('principal')
        .values({ id: name, ...row, created_at: now })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      const credential = { kind: 'token', id: null, scopes: {}, expiresAt: null } as const;
      return compilePrincipal({ id: name, name, kind: 'user', groups: [], credential, grants: [{ role, object }] }, compileRoles());
    },
    async push(principal, repository, files, change = {}) {
      const changes = [];
      for (const [path, content] of Object.entries(files)) {
        const { sha256 } = await upload(context, principal, repository, once(Buffer.from(content)), {});
        changes.push({ change: 'put', path, sha256 } as const);
      }
      return commit(context, principal, repository, { ref: 'refs/heads/main', title: 'push', changes, ...change });
    },
    async close() {
      await registry.close();
      await blobs.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
