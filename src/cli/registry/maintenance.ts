import { bytesText } from '../../reporters/text/amounts.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Client, type ServerFlags } from './client.ts';

/** `cordon gc`: removes what nothing refers to and is older than the grace time. */
export async function gcCommand(flags: ServerFlags & { readonly dryRun?: boolean; readonly json?: boolean }, io: Io): Promise<number> {
  const dryRun = flags.dryRun === true;
  const answer = await new Client(flags, io).post<{ blobs: number; bytes: number; manifests: number; uploads: number }>(
    '/maintenance/collect',
    { dryRun },
  );
  if (flags.json === true) io.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  else {
    const { blobs, bytes, manifests, uploads } = answer;
    io.stdout.write(
      `${dryRun ? 'would remove' : 'removed'} ${blobs} files (${bytesText(bytes)}), ${manifests} sets of files, ${uploads} unfinished uploads\n`,
    );
  }
  return EXIT.allowed;
}

/** `cordon scrub`: compares everything stored with its digest; 1 when something is damaged. */
export async function scrubCommand(flags: ServerFlags, io: Io): Promise<number> {
  const client = new Client(flags, io);
  let [checked, damaged] = [0, 0];
  let after: string | undefined;
  do {
    const body = { seconds: 60, ...(after !== undefined && { after }) };
    const round = await client.post<{ checked: number; damaged: number; next: string | null }>('/maintenance/check', body);
    checked += round.checked;
    damaged += round.damaged;
    after = round.next ?? undefined;
  } while (after !== undefined);
  io.stdout.write(`${checked} files checked, ${damaged} damaged\n`);
  return damaged > 0 ? EXIT.denied : EXIT.allowed;
}
