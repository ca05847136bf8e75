import type { Member } from '../../core/plugin.ts';
import type { Entry } from '../../formats/zip/archive.ts';

/** Tensor storages as torch names them: `data/0` beside `data.pkl`, `constants/0`, and the weights of an exported program. */
const STORAGE = /^(.*\/)?(?:(?:data|constants|tensors)\/\d+|data\/(?:weights|constants)\/[\w.]*\d)$/;

/** Says which members of an archive are raw numbers by torch's own layout. Why the marker: a folder named `data` is no proof. */
export function storageRoles(entries: readonly Entry[]): (name: string) => Member['role'] {
  const names = new Set(entries.map((entry) => entry.central.name));
  return (name) => {
    const [, prefix = ''] = STORAGE.exec(name) ?? [name, undefined];
    if (!STORAGE.test(name)) return undefined;
    const marked = ['data.pkl', 'constants.pkl', 'archive_format'].some((marker) => names.has(prefix + marker));
    return marked ? 'opaque' : undefined;
  };
}
