import type { Hono } from 'hono';
import * as z from 'zod';
import type { RegistryContext } from '../../engine/registry/context.ts';
import { artifactsOf, openArtifactOwner } from '../../engine/registry/tracking/artifacts.ts';
import { metricHistory } from '../../engine/registry/tracking/metrics.ts';
import { openRun } from '../../engine/registry/tracking/runs.ts';
import type { RegistryEnv } from '../http/env.ts';
import { folderListing } from './folder-listing.ts';
import { metricPointMessage, runRoot } from './messages.ts';
import { nextToken, offsetOf } from './page.ts';
import { fieldsOf, Id, Int64, Key, listOf, PageToken, Text } from './request.ts';

/** Points of one answer when the client names no number. */
const POINTS = 25_000;
const RUNS = 100;

/** History of metrics, and the artifacts of runs. */
export function addMetricRoutes(app: Hono<RegistryEnv>, context: RegistryContext): void {
  app.get('/mlflow/metrics/get-history', async (c) => {
    const given = await fieldsOf(
      c,
      z.object({
        run_id: Id.optional(),
        run_uuid: Id.optional(),
        metric_key: Key,
        page_token: PageToken.optional(),
        max_results: Int64.optional(),
      }),
    );
    const run = await openRun(context, c.var.principal, given.run_id ?? given.run_uuid ?? '');
    const limit = Math.min(Math.max(given.max_results ?? POINTS, 1), POINTS);
    const offset = offsetOf(given.page_token);
    const points = await metricHistory(context.store.db, run.id, given.metric_key, { offset, limit: limit + 1 });
    return c.json({ metrics: points.slice(0, limit).map(metricPointMessage), ...nextToken(offset, limit, points.length) });
  });
  app.get('/mlflow/metrics/get-history-bulk-interval', async (c) => {
    const given = await fieldsOf(
      c,
      z.object({
        run_ids: listOf(Id, RUNS),
        metric_key: Key,
        start_step: Int64.optional(),
        end_step: Int64.optional(),
        max_results: Int64.optional(),
      }),
    );
    const { start_step: start = -Infinity, end_step: end = Infinity } = given;
    const atMost = Math.min(Math.max(given.max_results ?? 2_500, 1), 2_500);
    const metrics = [];
    for (const id of given.run_ids) {
      const run = await openRun(context, c.var.principal, id);
      const points = await metricHistory(context.store.db, run.id, given.metric_key, { offset: 0, limit: POINTS });
      metrics.push(
        ...thinned(
          points.filter(({ step }) => step >= start && step <= end),
          atMost,
        ).map(metricPointMessage),
      );
    }
    return c.json({ metrics });
  });
  app.get('/mlflow/artifacts/list', async (c) => {
    const given = await fieldsOf(c, z.object({ run_id: Id.optional(), run_uuid: Id.optional(), path: Text.default('') }));
    const run = await openRun(context, c.var.principal, given.run_id ?? given.run_uuid ?? '');
    const owner = await openArtifactOwner(context, c.var.principal, 'run', run.id, 'read');
    return c.json({ root_uri: runRoot(run), files: folderListing(await artifactsOf(context, owner), given.path, 'whole') });
  });
}

/** Evenly chosen points, with the first and the last: for charts. */
function thinned<Point>(points: readonly Point[], atMost: number): readonly Point[] {
  if (points.length <= atMost) return points;
  return Array.from({ length: atMost }, (_, index) => points[Math.round((index * (points.length - 1)) / Math.max(1, atMost - 1))] as Point);
}
