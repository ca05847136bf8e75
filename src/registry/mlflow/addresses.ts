/** What an address of an artifact leads to. It says nothing about who may go there. */
export type Address =
  | { readonly kind: 'owner'; readonly owner: 'run' | 'logged-model'; readonly id: string; readonly path: string }
  | { readonly kind: 'version'; readonly repository: string; readonly version: number; readonly path: string };

const OWNER = /^[^/]+\/(?:([0-9a-f]{32})|models\/(m-[0-9a-f]{32}))\/artifacts(?:\/(.*))?$/;
const VERSION = /^registry\/([^/]+\/[^/]+)\/([1-9]\d{0,14})(?:\/(.*))?$/;

/**
 * Reads the part of an `mlflow-artifacts:` address after the scheme. The run, model or version in it is looked up, and its
 * permissions decide: the experiment in the address is not believed.
 */
export function addressOf(path: string): Address | undefined {
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  const version = VERSION.exec(trimmed);
  if (version !== null) {
    return { kind: 'version', repository: version[1] as string, version: Number(version[2]), path: version[3] ?? '' };
  }
  const owner = OWNER.exec(trimmed);
  if (owner === null) return undefined;
  const [, run, model, rest = ''] = owner;
  return run === undefined
    ? { kind: 'owner', owner: 'logged-model', id: model as string, path: rest }
    : { kind: 'owner', owner: 'run', id: run, path: rest };
}
