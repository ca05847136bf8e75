import { resolve } from 'node:path';
import { printable } from '../../core/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { writeAtomically } from '../write-atomically.ts';
import { Client, type ServerFlags } from './client.ts';
import { parseTarget, revisionPath, versionPath } from './target.ts';

interface LineageFlags extends ServerFlags {
  readonly descendants?: boolean;
  readonly proven?: boolean;
  readonly json?: boolean;
}

/** `cordon lineage NAME@VERSION`: what it was made from, or with `--descendants` what was made from it. */
export async function lineageCommand(name: string, flags: LineageFlags, io: Io): Promise<number> {
  const query = `direction=${flags.descendants === true ? 'descendants' : 'ancestors'}&proven=${flags.proven === true}`;
  const path = `${revisionPath(parseTarget(name))}/lineage?${query}`;
  const found = await new Client(flags, io).get<readonly { artifact: string; versions: readonly string[] }[]>(path);
  if (flags.json === true) io.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else
    for (const { artifact, versions } of found)
      io.stdout.write(`${printable(artifact)}${versions.length === 0 ? '' : `  ${versions.map(printable).join(', ')}`}\n`);
  return EXIT.allowed;
}

/** `cordon impact ARTIFACT`: which released versions descend from it. */
export async function impactCommand(artifact: string, flags: LineageFlags & { readonly stage?: string }, io: Io): Promise<number> {
  const query = new URLSearchParams({
    artifact,
    proven: String(flags.proven === true),
    ...(flags.stage !== undefined && { stage: flags.stage }),
  });
  const found = await new Client(flags, io).get<readonly { repository: string; version: number; stage: string }[]>(
    `/impact?${query.toString()}`,
  );
  if (flags.json === true) io.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
  else
    for (const { repository, version, stage } of found)
      io.stdout.write(`${printable(repository)}@${version}${stage === '' ? '' : `  ${printable(stage)}`}\n`);
  return EXIT.allowed;
}

/** `cordon bom NAME@VERSION`: the bill that the registry writes; `--record` signs it there and keeps it. */
export async function versionBomCommand(
  name: string,
  flags: ServerFlags & { readonly format: string; readonly spec?: string; readonly output?: string; readonly record?: boolean },
  io: Io,
): Promise<number> {
  const client = new Client(flags, io);
  const path = `${versionPath(parseTarget(name))}/bom`;
  const how = { format: flags.format, ...(flags.spec !== undefined && { spec: flags.spec }) };
  if (flags.record === true) {
    const { attestation } = await client.post<{ attestation: string }>(path, how);
    io.stderr.write(`signed and kept as ${attestation}\n`);
  }
  const text = `${JSON.stringify(await client.get<object>(`${path}?${new URLSearchParams(how).toString()}`), null, 2)}\n`;
  if (flags.output === undefined) io.stdout.write(text);
  else writeAtomically(resolve(io.cwd, flags.output), text);
  return EXIT.allowed;
}
