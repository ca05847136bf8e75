import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { FileChange } from '../../engine/registry/commit.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import { bounded, upload } from '../../engine/registry/upload.ts';
import { bodyOf } from '../http/body.ts';
import type { RegistryRequest } from '../http/env.ts';
import { linesOf } from '../http/lines.ts';
import { parsed } from './parsed.ts';

/** Why: small files come inside the commit, as Base64; what is larger goes through LFS. */
const BODY_BYTES = 512 * 1024 * 1024;
/** Why: a line is held in memory several times over while it is read, and only files below 1 MiB need to be in one. */
const LINE_BYTES = 16 * 1024 * 1024;
const FILES_AT_MOST = 50_000;

const Line = z.discriminatedUnion('key', [
  z.object({
    key: z.literal('header'),
    value: z.object({ summary: z.string().default(''), description: z.string().nullish(), parentCommit: z.string().nullish() }),
  }),
  z.object({
    key: z.literal('file'),
    value: z.object({ path: z.string(), content: z.string(), encoding: z.enum(['base64', 'utf-8']).default('utf-8') }),
  }),
  z.object({ key: z.literal('lfsFile'), value: z.object({ path: z.string(), oid: z.string().regex(/^[0-9a-f]{64}$/) }) }),
  z.object({ key: z.literal('deletedFile'), value: z.object({ path: z.string() }) }),
  z.object({ key: z.literal('deletedFolder'), value: z.object({ path: z.string() }) }),
]);
type Header = Extract<z.infer<typeof Line>, { key: 'header' }>['value'];

/** A commit as clients send it: one JSON document a line. Contents are stored as they come. */
export async function readCommit(
  c: RegistryRequest,
  context: RegistryContext,
  repository: Repository,
): Promise<{ readonly header: Header; readonly changes: readonly FileChange[] }> {
  let header: Header = { summary: '' };
  const changes: FileChange[] = [];
  for await (const text of linesOf(bounded(bodyOf(c), BODY_BYTES), LINE_BYTES)) {
    if (text.trim() === '') continue;
    const line = parsed(Line, parseLine(text));
    if (changes.length >= FILES_AT_MOST) throw new CordonError('request.invalid', `a commit has at most ${FILES_AT_MOST} changes`);
    if (line.key === 'header') header = line.value;
    else if (line.key === 'lfsFile') changes.push({ change: 'put', path: line.value.path, sha256: line.value.oid });
    else if (line.key === 'deletedFile') changes.push({ change: 'delete', path: line.value.path });
    else if (line.key === 'deletedFolder') changes.push({ change: 'delete-folder', path: line.value.path.replace(/\/+$/, '') });
    else {
      const { path, content, encoding } = line.value;
      const bytes = Buffer.from(content, encoding);
      const { sha256 } = await upload(context, c.var.principal, repository, once(bytes), { size: bytes.length });
      changes.push({ change: 'put', path, sha256 });
    }
  }
  return { header, changes };
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CordonError('request.invalid', 'a line of the commit is no JSON', { cause: error });
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
