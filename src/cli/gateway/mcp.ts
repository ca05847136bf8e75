import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Client, type ServerFlags } from '../registry/client.ts';

interface Pin {
  readonly server: string;
  readonly tool: string;
  readonly digest: string | null;
  readonly acceptedBy: string | null;
  readonly pending: { readonly digest: string; readonly description: string | null; readonly why: string; readonly at: string } | null;
}

const SHORT = 12;
/** Why so many: a server can find two descriptions that have a dozen characters in common, and show the other one after the first was read. */
const ENOUGH = 32;

/** `cordon mcp pins`. */
export async function pinsCommand(flags: ServerFlags & { readonly pending?: boolean; readonly json?: boolean }, io: Io): Promise<number> {
  const pins = await pinsOf(flags, io);
  const shown = flags.pending === true ? pins.filter(({ pending }) => pending !== null) : pins;
  if (flags.json === true) io.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  else for (const pin of shown) io.stdout.write(lines(pin, flags.pending === true));
  return EXIT.allowed;
}

/** `cordon mcp approve SERVER/TOOL`. Why with the digest: what is approved must be what somebody has read. */
export async function approvePinCommand(name: string, flags: ServerFlags & { readonly digest: string }, io: Io): Promise<number> {
  const slash = name.indexOf('/');
  const { digest: given } = flags;
  if (slash < 1 || slash === name.length - 1) throw new CordonError('usage.invalid', 'name the tool as server/tool');
  if (!/^[0-9a-f]{32,64}$/.test(given)) throw new CordonError('usage.invalid', `give at least ${ENOUGH} characters of the digest`);
  const server = name.slice(0, slash);
  const tool = name.slice(slash + 1);
  const waiting = (await pinsOf(flags, io)).find((pin) => pin.server === server && pin.tool === tool)?.pending;
  if (waiting === undefined || waiting === null || !waiting.digest.startsWith(given))
    throw new CordonError('usage.invalid', 'no description with this digest waits for approval; see cordon mcp pins --pending');
  await new Client(flags, io).post('/mcp/pins', { server, tool, digest: waiting.digest });
  io.stdout.write(`approved ${printable(name)} as ${waiting.digest}\n`);
  return EXIT.allowed;
}

function pinsOf(flags: ServerFlags, io: Io): Promise<readonly Pin[]> {
  return new Client(flags, io).get<readonly Pin[]>('/mcp/pins');
}

function lines({ server, tool, digest, acceptedBy, pending }: Pin, isLong: boolean): string {
  const name = `${server}/${printable(tool)}`;
  const accepted = digest === null ? 'not accepted' : `accepted ${digest.slice(0, SHORT)} (${printable(acceptedBy ?? '')})`;
  const waits = pending === null ? '' : `  waits: ${pending.digest.slice(0, ENOUGH)} ${printable(pending.why)}`;
  const text = isLong && pending !== null ? `  ${printable(pending.description ?? '')}\n` : '';
  return `${name}  ${accepted}${waits}\n${text}`;
}
