import type { RemoteContent } from '../jobs.ts';

/** A file behind a URL, ready to be scanned by ranges. */
export interface RemoteFile {
  /** As the report shows it. */
  readonly path: string;
  readonly size: number;
  readonly content: RemoteContent;
}
