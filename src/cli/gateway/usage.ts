import { printable } from '../../core/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Client, type ServerFlags } from '../registry/client.ts';

type Group = 'hour' | 'day' | 'principal' | 'key' | 'team' | 'model' | 'upstream' | 'route';

interface Usage extends Readonly<Partial<Record<Group | 'principalName' | 'keyName', string>>> {
  readonly requests: number;
  readonly refused: number;
  readonly limited: number;
  readonly blocked: number;
  readonly failed: number;
  readonly aborted: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
}

/** Options of `cordon usage` as commander gives them. */
export interface UsageFlags extends ServerFlags {
  readonly by?: readonly Group[];
  /** Milliseconds. */
  readonly since?: number;
  readonly principal?: string;
  readonly key?: string;
  readonly model?: string;
  readonly route?: string;
  readonly json?: boolean;
}

const DAY_MS = 86_400_000;
const COUNTS = ['requests', 'refused', 'limited', 'blocked', 'failed', 'aborted', 'input', 'output', 'cost'] as const;

/** `cordon usage`: what was used lately, as a table or JSON. */
export async function usageCommand(flags: UsageFlags, io: Io): Promise<number> {
  const by = flags.by ?? [];
  const { principal, key, model, route } = flags;
  const query = new URLSearchParams({
    from: new Date(Date.now() - (flags.since ?? DAY_MS)).toISOString(),
    by: by.join(','),
    ...(principal !== undefined && { principal }),
    ...(key !== undefined && { key }),
    ...(model !== undefined && { model }),
    ...(route !== undefined && { route }),
  });
  const rows = await new Client(flags, io).get<readonly Usage[]>(`/usage?${query}`);
  io.stdout.write(flags.json === true ? `${JSON.stringify(rows, null, 2)}\n` : table(rows, by));
  return EXIT.allowed;
}

function table(rows: readonly Usage[], by: readonly Group[]): string {
  if (rows.length === 0) return 'nothing was used\n';
  const lines = [
    [...by, ...COUNTS],
    ...rows.map((row) => [
      ...by.map((group) => printable(nameOf(row, group))),
      ...[row.requests, row.refused, row.limited, row.blocked, row.failed, row.aborted, row.inputTokens, row.outputTokens].map(String),
      `$${(row.costMicros / 1_000_000).toFixed(4)}`,
    ]),
  ];
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map((line) => line.map((cell, column) => (column < by.length ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))))
    .map((cells) => `${cells.join('  ').trimEnd()}\n`)
    .join('');
}

function nameOf(row: Usage, group: Group): string {
  const name = group === 'principal' ? row.principalName : group === 'key' ? row.keyName : undefined;
  const value = name ?? row[group] ?? '';
  return value === '' ? '-' : value;
}
