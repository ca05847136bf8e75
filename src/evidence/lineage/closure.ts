import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../store/schema/index.ts';

/** Which edges are followed, and how many artifacts are given at most. */
export interface ClosureOptions {
  /** Follow only edges that are measured or attested. Default: all. */
  readonly isProven?: boolean;
  readonly limit?: number;
}

const MOST = 10_000;

/** Everything an artifact was made from, directly or not; without itself. */
export async function ancestorsOf(db: Kysely<Schema>, artifact: string, options: ClosureOptions = {}): Promise<string[]> {
  return closure(db, artifact, options, 'descendant', 'ancestor');
}

/** Everything that was made from an artifact, directly or not; without itself. */
export async function descendantsOf(db: Kysely<Schema>, artifact: string, options: ClosureOptions = {}): Promise<string[]> {
  return closure(db, artifact, options, 'ancestor', 'descendant');
}

/** Why `union` and not `union all`: it drops what was met before, so that a cycle ends. */
async function closure(
  db: Kysely<Schema>,
  artifact: string,
  { isProven = false, limit = MOST }: ClosureOptions,
  from: 'ancestor' | 'descendant',
  to: 'ancestor' | 'descendant',
): Promise<string[]> {
  const proven = isProven ? sql`and edge.basis <> 'declared'` : sql``;
  const firstProven = isProven ? sql`and first.basis <> 'declared'` : sql``;
  const { rows } = await sql<{ node: string }>`
    with recursive reached(node) as (
      select first.${sql.ref(to)} from lineage as first where first.${sql.ref(from)} = ${artifact} ${firstProven}
      union
      select edge.${sql.ref(to)} from reached join lineage as edge on edge.${sql.ref(from)} = reached.node ${proven}
    )
    select node from reached where node <> ${artifact} limit ${limit}`.execute(db);
  return rows.map(({ node }) => node).sort();
}

/** A released version that descends from an artifact. */
export interface Impacted {
  readonly repository: string;
  readonly version: number;
  readonly stage: string;
  readonly manifest: string;
}

/** Versions that descend from an artifact or are it, at the given stages: "which production models were trained on this data set?" */
export async function impactOf(
  db: Kysely<Schema>,
  artifact: string,
  { stages, isProven = false, limit = MOST }: ClosureOptions & { readonly stages?: readonly string[] } = {},
): Promise<Impacted[]> {
  const proven = isProven ? sql`and edge.basis <> 'declared'` : sql``;
  const firstProven = isProven ? sql`and first.basis <> 'declared'` : sql``;
  const staged = stages === undefined || stages.length === 0 ? sql`` : sql`and version.stage in (${sql.join(stages)})`;
  const { rows } = await sql<{ namespace: string; name: string; number: number; stage: string; manifest: string }>`
    with recursive reached(node) as (
      select first.descendant from lineage as first where first.ancestor = ${artifact} ${firstProven}
      union
      select edge.descendant from reached join lineage as edge on edge.ancestor = reached.node ${proven}
    )
    select repository.namespace, repository.name, version.number, version.stage, version.manifest
    from version
    join repository on repository.id = version.repository_id
    where (version.manifest = ${artifact} or version.manifest in (select node from reached)) ${staged}
    order by repository.namespace, repository.name, version.number
    limit ${limit}`.execute(db);
  return rows.map(({ namespace, name, number, stage, manifest }) => ({
    repository: `${namespace}/${name}`,
    version: Number(number),
    stage,
    manifest,
  }));
}
