/** An entry of a listing, as MLflow writes it. */
export interface FileInfo {
  readonly path: string;
  readonly is_dir: boolean;
  readonly file_size?: number;
}

/**
 * What lies directly in a folder. Paths are `whole`, or `relative` to the folder. A file listed as a folder shows itself alone, by
 * its name, which is how clients see that it is a file.
 */
export function folderListing(
  files: readonly { readonly path: string; readonly size: number }[],
  folder: string,
  paths: 'whole' | 'relative',
): readonly FileInfo[] {
  const trimmed = folder.replace(/^\/+|\/+$/g, '');
  const prefix = trimmed === '' ? '' : `${trimmed}/`;
  const found = new Map<string, FileInfo>();
  for (const { path, size } of files) {
    if (!path.startsWith(prefix)) continue;
    const inside = path.slice(prefix.length);
    const slash = inside.indexOf('/');
    const name = slash === -1 ? inside : inside.slice(0, slash);
    const shown = paths === 'whole' ? prefix + name : name;
    if (slash === -1) found.set(shown, { path: shown, is_dir: false, file_size: size });
    else if (!found.has(shown)) found.set(shown, { path: shown, is_dir: true });
  }
  return [...found.values()];
}
