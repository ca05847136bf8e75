import type { Selectable } from 'kysely';
import { CordonError } from '../../core/errors.ts';
import { appendEntry } from '../../evidence/ledger/append.ts';
import type { Principal } from '../../identity/permission.ts';
import type { Tx } from '../../store/open-store.ts';
import type { ModelNoteTable } from '../../store/schema/mlflow.ts';
import { authorize } from './authorize.ts';
import type { RegistryContext } from './context.ts';
import { repositoryId } from './names.ts';
import type { Repository } from './repositories.ts';
import type { Version } from './versions.ts';

/** Stands for the repository itself where a number of a version is asked for. */
export const WHOLE_MODEL = 0;

/** What is said of a repository or of a version. It is never part of what is frozen, and no gate believes it. */
export interface ModelNote {
  readonly description: string;
  readonly source: string;
  readonly runId: string;
  readonly runLink: string;
  readonly modelId: string;
}

const NOTHING: ModelNote = { description: '', source: '', runId: '', runLink: '', modelId: '' };

interface Label {
  readonly key: string;
  readonly value: string;
}

/** Writes down where a new version came from, in the transaction that makes it. Callers authorize. */
export async function noteVersionIn(
  tx: Tx,
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  version: Version,
  note: ModelNote,
  tags: readonly Label[],
): Promise<void> {
  await saveNote(tx, repository, version.number, note, context.now());
  for (const tag of tags) await saveTag(tx, repository, version.number, tag);
  await appendEntry(tx, {
    kind: 'version.registered',
    body: {
      repository: repositoryId(repository),
      version: version.number,
      manifest: version.manifest,
      source: note.source.slice(0, 1_000),
      run: note.runId,
      model: note.modelId,
      by: principal.name,
    },
  });
}

/** Replaces the description of a repository (`WHOLE_MODEL`) or of a version. */
export async function describeModel(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  version: number,
  description: string,
): Promise<void> {
  authorize(principal, 'write', repository);
  const now = context.now();
  await context.store.transaction(async (tx) => {
    const before = await findNote(tx, repository.id, version);
    await saveNote(tx, repository, version, { ...before, description }, now);
    await tx.updateTable('repository').set({ updated_at: now }).where('id', '=', repository.id).execute();
    await appendEntry(tx, {
      kind: 'model.described',
      body: { repository: repositoryId(repository), version, description: description.slice(0, 1_000), by: principal.name },
    });
  });
}

/** Sets a tag of a repository or version; `undefined` takes it away, and throws `tracking.missing` when it is not there. */
export async function tagModel(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  version: number,
  key: string,
  value: string | undefined,
): Promise<void> {
  authorize(principal, 'write', repository);
  await context.store.transaction(async (tx) => {
    if (value === undefined) {
      const { numDeletedRows } = await tx
        .deleteFrom('model_tag')
        .where('repository_id', '=', repository.id)
        .where('version', '=', version)
        .where('key', '=', key)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw new CordonError('tracking.missing', `there is no tag ${JSON.stringify(key.slice(0, 200))}`);
    } else {
      await saveTag(tx, repository, version, { key, value });
    }
    await appendEntry(tx, {
      kind: value === undefined ? 'model.untagged' : 'model.tagged',
      body: {
        repository: repositoryId(repository),
        version,
        key,
        ...(value !== undefined && { value: value.slice(0, 1_000) }),
        by: principal.name,
      },
    });
  });
}

/** What is said of several repositories and their versions, by repository and number. */
export async function notesOf(context: RegistryContext, repositories: readonly string[]): Promise<ReadonlyMap<string, StoredNote>> {
  const found = new Map<string, StoredNote & { tags: Label[] }>();
  if (repositories.length === 0) return found;
  const { db } = context.store;
  const notes = await db
    .selectFrom('model_note')
    .selectAll()
    .where('repository_id', 'in', [...repositories])
    .execute();
  for (const row of notes) found.set(noteKey(row.repository_id, row.version), { ...noteOf(row), updatedAt: row.updated_at, tags: [] });
  const tags = await db
    .selectFrom('model_tag')
    .selectAll()
    .where('repository_id', 'in', [...repositories])
    .orderBy('key')
    .execute();
  for (const { repository_id, version, key, value } of tags) {
    const id = noteKey(repository_id, version);
    const note = found.get(id) ?? { ...NOTHING, updatedAt: 0, tags: [] };
    note.tags.push({ key, value });
    found.set(id, note);
  }
  return found;
}

/** A note with its tags. */
export interface StoredNote extends ModelNote {
  readonly updatedAt: number;
  readonly tags: readonly Label[];
}

/** How {@link notesOf} names what a note is about. */
export function noteKey(repository: string, version: number): string {
  return `${repository} ${version}`;
}

async function findNote(tx: Tx, repository: string, version: number): Promise<ModelNote> {
  const row = await tx
    .selectFrom('model_note')
    .selectAll()
    .where('repository_id', '=', repository)
    .where('version', '=', version)
    .executeTakeFirst();
  return row === undefined ? NOTHING : noteOf(row);
}

function noteOf(row: Selectable<ModelNoteTable>): ModelNote {
  return { description: row.description, source: row.source, runId: row.run_id, runLink: row.run_link, modelId: row.model_id };
}

async function saveNote(tx: Tx, repository: Repository, version: number, note: ModelNote, now: number): Promise<void> {
  const columns = {
    description: note.description,
    source: note.source,
    run_id: note.runId,
    run_link: note.runLink,
    model_id: note.modelId,
    updated_at: now,
  };
  await tx
    .insertInto('model_note')
    .values({ repository_id: repository.id, version, ...columns })
    .onConflict((conflict) => conflict.columns(['repository_id', 'version']).doUpdateSet(columns))
    .execute();
}

async function saveTag(tx: Tx, repository: Repository, version: number, { key, value }: Label): Promise<void> {
  await tx
    .insertInto('model_tag')
    .values({ repository_id: repository.id, version, key, value })
    .onConflict((conflict) => conflict.columns(['repository_id', 'version', 'key']).doUpdateSet({ value }))
    .execute();
}
