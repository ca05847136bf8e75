import { printable } from '../../core/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Client, type ServerFlags } from './client.ts';
import { parseTarget } from './target.ts';

const DAY_MS = 86_400_000;

/** `cordon waive request NAME --rule RULE --reason TEXT`. */
export async function waiveRequestCommand(
  name: string,
  flags: ServerFlags & {
    readonly rule: string;
    readonly reason: string;
    readonly days: number;
    readonly path?: string;
    readonly sha256?: string;
    readonly fingerprint?: string;
    readonly ticket?: string;
  },
  io: Io,
): Promise<number> {
  const { rule, reason, path, sha256, fingerprint, ticket } = flags;
  const body = {
    rule,
    reason,
    expiresAt: new Date(Date.now() + flags.days * DAY_MS).toISOString(),
    ...(path !== undefined && { path }),
    ...(sha256 !== undefined && { sha256 }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(ticket !== undefined && { ticket }),
  };
  const { waiver } = await new Client(flags, io).post<{ waiver: string }>(`${parseTarget(name).repository}/waivers`, body);
  io.stdout.write(`${waiver}\n`);
  io.stderr.write(`it covers nothing yet: somebody else runs cordon waive approve ${printable(name)} ${waiver}\n`);
  return EXIT.allowed;
}

/** `cordon waive approve NAME ID`. */
export async function waiveApproveCommand(name: string, id: string, flags: ServerFlags, io: Io): Promise<number> {
  await new Client(flags, io).post(`${parseTarget(name).repository}/waivers/${encodeURIComponent(id)}/approve`, {});
  io.stdout.write(`approved ${printable(id)}; what it covers was decided again\n`);
  return EXIT.allowed;
}

/** `cordon waive revoke NAME ID`. */
export async function waiveRevokeCommand(name: string, id: string, flags: ServerFlags, io: Io): Promise<number> {
  await new Client(flags, io).delete(`${parseTarget(name).repository}/waivers/${encodeURIComponent(id)}`);
  io.stdout.write(`ended ${printable(id)}; what rested on it was decided again\n`);
  return EXIT.allowed;
}

interface WaiverAnswer {
  readonly id: string;
  readonly rule: string;
  readonly path?: string;
  readonly reason: string;
  readonly owner: string;
  readonly state: string;
  readonly expiresAt: string;
}

/** `cordon waive list NAME`. */
export async function waiveListCommand(name: string, flags: ServerFlags & { readonly json?: boolean }, io: Io): Promise<number> {
  const waivers = await new Client(flags, io).get<readonly WaiverAnswer[]>(`${parseTarget(name).repository}/waivers`);
  if (flags.json === true) io.stdout.write(`${JSON.stringify(waivers, null, 2)}\n`);
  else
    for (const { id, rule, path, reason, owner, state, expiresAt } of waivers)
      io.stdout.write(
        `${id}  ${state}, until ${expiresAt}  ${printable(rule)}${path === undefined ? '' : ` in ${printable(path)}`}  ${printable(owner)}: ${printable(reason)}\n`,
      );
  return EXIT.allowed;
}
