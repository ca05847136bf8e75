import { printable } from '../../core/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Client, type ServerFlags } from '../registry/client.ts';

interface Block {
  readonly id: string;
  readonly kind: string;
  readonly value: string;
  readonly label: string;
  readonly effect: 'block' | 'tighten';
  readonly profile: string | null;
  readonly reason: string;
  readonly by: string;
  readonly automatic: boolean;
  readonly at: string;
  readonly expiresAt: string | null;
}

/** Options of `cordon block` as commander gives them. */
interface BlockFlags extends ServerFlags {
  readonly reason: string;
  /** Milliseconds. */
  readonly for?: number;
  readonly json?: boolean;
}

/** `cordon block KIND VALUE`. */
export async function blockCommand(kind: string, value: string | undefined, flags: BlockFlags, io: Io): Promise<number> {
  const body = {
    kind: kind === 'user' ? 'principal' : kind,
    // Why cut: of a whole key only what everybody may see leaves this machine.
    value: kind === 'key' && value?.startsWith('cordon_') === true ? value.slice(0, 'cordon_'.length + 6) : (value ?? ''),
    reason: flags.reason,
    ...(flags.for !== undefined && { expiresAt: new Date(Date.now() + flags.for).toISOString() }),
  };
  const block = await new Client(flags, io).post<Block>('/blocks', body);
  io.stdout.write(flags.json === true ? `${JSON.stringify(block, null, 2)}\n` : line(block));
  return EXIT.allowed;
}

/** `cordon unblock ID`. */
export async function unblockCommand(id: string, flags: ServerFlags, io: Io): Promise<number> {
  await new Client(flags, io).delete(`/blocks/${encodeURIComponent(id)}`);
  io.stdout.write(`lifted ${id}\n`);
  return EXIT.allowed;
}

/** `cordon blocks`. */
export async function blocksCommand(flags: ServerFlags & { readonly json?: boolean }, io: Io): Promise<number> {
  const blocks = await new Client(flags, io).get<readonly Block[]>('/blocks');
  if (flags.json === true) io.stdout.write(`${JSON.stringify(blocks, null, 2)}\n`);
  else for (const block of blocks) io.stdout.write(line(block));
  return EXIT.allowed;
}

function line({ id, kind, label, effect, profile, reason, by, automatic, expiresAt }: Block): string {
  const what = effect === 'block' ? 'blocked' : `tightened to ${profile}`;
  const who = automatic ? `by the rule ${by}` : `by ${by}`;
  const until = expiresAt === null ? 'until it is lifted' : `until ${expiresAt}`;
  return `${id}  ${kind} ${printable(label)}  ${what} ${printable(who)} ${until}: ${printable(reason)}\n`;
}
