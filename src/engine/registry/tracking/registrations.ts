import type { Tx } from '../../../store/open-store.ts';

/** A version that was made of a logged model. */
export interface Registration {
  readonly namespace: string;
  readonly name: string;
  readonly version: number;
}

/** Versions made of several logged models at once. */
export async function registrationsOf(
  db: Pick<Tx, 'selectFrom'>,
  models: readonly string[],
): Promise<ReadonlyMap<string, readonly Registration[]>> {
  const found = new Map<string, Registration[]>(models.map((id) => [id, []]));
  if (models.length === 0) return found;
  const rows = await db
    .selectFrom('model_note')
    .innerJoin('repository', 'repository.id', 'model_note.repository_id')
    .select(['model_note.model_id', 'model_note.version', 'repository.namespace', 'repository.name'])
    .where('model_note.model_id', 'in', [...models])
    .orderBy('model_note.version')
    .execute();
  for (const { model_id, namespace, name, version } of rows) found.get(model_id)?.push({ namespace, name, version });
  return found;
}
