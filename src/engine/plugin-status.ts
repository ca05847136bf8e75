import type { PluginStatus } from '../core/report.ts';

const ORDER: readonly PluginStatus['status'][] = ['skipped', 'succeeded', 'partial', 'failed'];

/** One status for each plugin over all files: the worst one, with its reason. */
export function mergePlugins(statuses: readonly PluginStatus[]): PluginStatus[] {
  const merged = new Map<string, PluginStatus>();
  for (const status of statuses) {
    const known = merged.get(status.id);
    if (known === undefined || ORDER.indexOf(status.status) > ORDER.indexOf(known.status)) merged.set(status.id, status);
  }
  return [...merged.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
