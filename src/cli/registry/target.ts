import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';

/** What `NAME@REVISION` means, as the paths of the API have it. */
export interface Target {
  /** `/repositories/model/acme/bert`. */
  readonly repository: string;
  /** Text after the `@`. */
  readonly revision: string;
  /** A number, where the text is one, with or without a `v`. */
  readonly version: number | undefined;
}

const FORM = /^(?:(model|dataset|space)s?\/)?([^/@\s]+)\/([^/@\s]+)(?:@(\S+))?$/;

/** Reads `namespace/name`, `namespace/name@3`, `datasets/namespace/name@main`. Throws `usage.invalid`. */
export function parseTarget(text: string): Target {
  const match = FORM.exec(text);
  if (match === null) throw new CordonError('usage.invalid', `${JSON.stringify(text)} is no NAME@VERSION; write for example acme/bert@3`);
  const [, kind = 'model', namespace = '', name = '', revision = 'main'] = match;
  const number = /^v?([1-9]\d{0,8})$/.exec(revision)?.[1];
  return {
    repository: `/repositories/${kind}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`,
    revision,
    version: number === undefined ? undefined : Number(number),
  };
}

/** The path of the version that is meant. Throws `usage.invalid` when the text names none. */
export function versionPath(target: Target): string {
  if (target.version === undefined)
    throw new CordonError('usage.invalid', 'name a version, for example acme/bert@3; cordon seal makes one');
  return `${target.repository}/versions/${target.version}`;
}

/** The path of the revision that is meant; a version is its tag. */
export function revisionPath(target: Target): string {
  const revision = target.version === undefined ? target.revision : `v${target.version}`;
  return `${target.repository}/revisions/${encodeURIComponent(revision)}`;
}

/** Is `acme/bert@3` meant, and not a file or folder of this machine? */
export function isVersionInRegistry(text: string, cwd: string): boolean {
  return FORM.test(text) && text.includes('@') && !existsSync(resolve(cwd, text));
}
