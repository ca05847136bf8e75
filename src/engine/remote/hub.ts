import { CordonError } from '../../core/errors.ts';
import type { HttpRanges } from './http-ranges.ts';
import type { RemoteLocation } from './open-remotes.ts';

const LISTING_BYTES = 64 * 1024 * 1024;

/** `hf://[models/|datasets/|spaces/]org/name[@revision][/file]`. */
const HUB_URL = /^hf:\/\/(?:(models|datasets|spaces)\/)?([\w.-]+\/[\w.-]+)(?:@([^/]+))?(?:\/(.+))?$/;

/** Lists the files of a hub repository at the commit its revision stands for now. */
export async function listHub(url: string, http: HttpRanges, endpoint: string): Promise<RemoteLocation[]> {
  const [, kind = 'models', name, revision = 'main', file] = HUB_URL.exec(url) ?? [];
  if (name === undefined) throw new CordonError('usage.invalid', `${url} is not of the form hf://org/name[@revision][/file]`);
  const info = parse(
    await http.document(`${endpoint}/api/${kind}/${name}/revision/${encodeURIComponent(decodeURIComponent(revision))}`, LISTING_BYTES),
  );
  const commit = info.sha;
  if (typeof commit !== 'string' || !/^[0-9a-f]{40}$/.test(commit))
    throw new CordonError('network.refused', `${endpoint} gave no commit for ${name}@${revision}`);
  const paths = (Array.isArray(info.siblings) ? info.siblings : []).flatMap((sibling: unknown) =>
    typeof sibling === 'object' && sibling !== null && 'rfilename' in sibling && typeof sibling.rfilename === 'string'
      ? [sibling.rfilename]
      : [],
  );
  const wanted = paths.filter((path) => file === undefined || path === file || path.startsWith(`${file}/`));
  if (wanted.length === 0)
    throw new CordonError('network.refused', `${name}@${revision} has no ${file === undefined ? 'files' : `file ${file}`}`);
  const prefix = kind === 'models' ? '' : `${kind}/`;
  const folder = `${name}@${commit.slice(0, 12)}`;
  return wanted.map((path) => ({
    url: `${endpoint}/${prefix}${name}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`,
    path: `${folder}/${path}`,
    folder,
  }));
}

function parse(bytes: Uint8Array): { sha?: unknown; siblings?: unknown } {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as { sha?: unknown; siblings?: unknown };
  } catch (error) {
    throw new CordonError('network.refused', 'the hub did not answer with JSON', { cause: error });
  }
}
