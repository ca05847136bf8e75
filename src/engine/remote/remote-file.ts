import type { MemoryContent, RemoteContent } from '../jobs.ts';

/** A file behind a URL, opened only when its turn comes: a repository can have more files than memory. */
export interface RemoteFile {
  /** As the report shows it. */
  readonly path: string;
  /** Folder it belongs to in the report; files of one folder are also reasoned over together. Empty for a single file. */
  readonly folder: string;
  /** Fetches a small file whole, the beginning of a large one. Throws `network.refused`. */
  open(): Promise<MemoryContent | RemoteContent>;
}
