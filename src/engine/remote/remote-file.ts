import type { MemoryContent, RemoteContent } from '../jobs.ts';

/** A file behind a URL: small ones already fetched, large ones to be read by ranges. */
export interface RemoteFile {
  /** As the report shows it. */
  readonly path: string;
  readonly size: number;
  readonly content: RemoteContent | MemoryContent;
  /** Folder it belongs to in the report; files of one folder are also reasoned over together. Empty for a single file. */
  readonly folder: string;
}
