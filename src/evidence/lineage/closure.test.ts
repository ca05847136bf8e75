import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Database, DATABASES } from '../../../test/store/databases.ts';
import type { Store } from '../../store/open-store.ts';
import { ancestorsOf, descendantsOf, impactOf } from './closure.ts';
import type { Edge } from './edge.ts';
import { loadLineageIndex } from './load-index.ts';
import { recordLineage } from './record-lineage.ts';

describe.each(DATABASES)('$name', ({ create }) => {
  let database: Database;
  let store: Store;
  beforeEach(async () => {
    database = await create();
    store = await database.open();
  });
  afterEach(async () => {
    await store.close();
    await database.remove();
  });

  const edge = (ancestor: string, descendant: string, basis: Edge['basis'] = 'attested'): Edge => ({
    ancestor,
    descendant,
    relation: 'base-model',
    basis,
  });
  const record = (edges: readonly Edge[]) => store.transaction((tx) => recordLineage(tx, edges, 1));

  test('closures in both directions, through cycles, attested only when asked', async () => {
    await record([
      edge('data', 'base'),
      edge('base', 'tuned'),
      edge('tuned', 'base'),
      edge('base', 'guess', 'declared'),
      edge('guess', 'end'),
    ]);
    expect(await descendantsOf(store.db, 'data')).toEqual(['base', 'end', 'guess', 'tuned']);
    expect(await descendantsOf(store.db, 'data', { isProven: true })).toEqual(['base', 'tuned']);
    expect(await ancestorsOf(store.db, 'end')).toEqual(['base', 'data', 'guess', 'tuned']);
    expect(await ancestorsOf(store.db, 'base')).toEqual(['data', 'tuned']);
    expect(await descendantsOf(store.db, "x' or 1=1 --")).toEqual([]);
    expect(await descendantsOf(store.db, 'data', { limit: 2 })).toHaveLength(2);
  });

  test('the same edge twice is one, and one to itself is none', async () => {
    await record([edge('a', 'b'), edge('a', 'b'), edge('a', 'a')]);
    await record([edge('a', 'b'), edge('a', 'b', 'declared')]);
    const index = await loadLineageIndex(store.db);
    expect([index.nodes, index.edges]).toEqual([2, 2]);
    expect([...index.descendants(index.numberOf('a') ?? -1)].map(index.nameOf)).toEqual(['b']);
  });

  test('which production models descend from a data set', async () => {
    await store.db
      .insertInto('repository')
      .values({ id: 'r', kind: 'model', namespace: 'org', name: 'm', private: 0, created_by: 'p', created_at: 1, updated_at: 1 })
      .execute();
    for (const digest of ['m1', 'm2', 'm3'])
      await store.db
        .insertInto('manifest')
        .values({ digest, oms_digest: `oms-${digest}`, files: 1, bytes: 1, created_at: 1 })
        .execute();
    const versions = [
      ['m1', 'production'],
      ['m2', 'staging'],
      ['m3', 'production'],
    ] as const;
    for (const [number, [manifest, stage]] of versions.entries()) {
      const revision = `rev-${manifest}`;
      await store.db
        .insertInto('revision')
        .values({ id: revision, repository_id: 'r', manifest, parent: null, title: 't', message: '', author: 'a', created_at: 1 })
        .execute();
      await store.db
        .insertInto('version')
        .values({ id: `v${number}`, repository_id: 'r', number: number + 1, revision, manifest, stage, created_by: 'p', created_at: 1 })
        .execute();
    }
    // Attested by the root digest of m1, which is the manifest m1 in the registry.
    await record([edge('sha256:corpus', 'm1'), edge('sha256:oms-m1', 'm2')]);
    const all = await impactOf(store.db, 'sha256:corpus');
    expect(all.map(({ version, stage }) => [version, stage])).toEqual([
      [1, 'production'],
      [2, 'staging'],
    ]);
    expect(await impactOf(store.db, 'sha256:corpus', { stages: ['production'] })).toEqual([
      { repository: 'org/m', version: 1, stage: 'production', manifest: 'm1' },
    ]);
    expect(await impactOf(store.db, 'sha256:other')).toEqual([]);
  });
});
