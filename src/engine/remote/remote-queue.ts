import { errorMessage } from '../../core/errors.ts';
import type { MemoryContent, RemoteContent } from '../jobs.ts';
import type { RemoteFile } from './remote-file.ts';

/** Files on their way at once. Why: enough to hide the round trips, few enough for the server and for memory. */
const AT_ONCE = 8;
/** Kept for reasoning across files, which reads configurations and code. */
const KEPT_FILE = 1024 * 1024;
const KEPT_TOTAL = 64 * 1024 * 1024;
const TEXT_NAME = /\.(?:json|ya?ml|py|txt|md|jinja2?|toml|cfg|ini|csv|xml)$|(?:^|\/)(?:MLmodel|README|\.gitattributes)$/i;

/** A remote file that was opened, as reasoning across files sees it. */
export interface OpenedFile {
  readonly path: string;
  readonly size: number;
  readonly content: MemoryContent | undefined;
}

/** What opening came to. */
export type Opening = { readonly size: number; readonly content: MemoryContent | RemoteContent } | { readonly reason: string };

/** Opens remote files, a few at once, and remembers the small texts among them. */
export class RemoteQueue {
  readonly #opened = new Map<string, OpenedFile[]>();
  #kept = 0;

  /** Does something with every file, at most {@link AT_ONCE} at a time. */
  async each(files: readonly RemoteFile[], work: (file: RemoteFile) => Promise<void>): Promise<void> {
    const rest = files.values();
    const lane = async (): Promise<void> => {
      for (const file of rest) await work(file);
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, lane));
  }

  /** Never throws: a file that cannot be opened belongs into the report as such. */
  async open(file: RemoteFile): Promise<Opening> {
    try {
      const content = await file.open();
      const size = content.kind === 'memory' ? content.bytes.length : content.size;
      this.#remember(file, size, content);
      return { size, content };
    } catch (error) {
      return { reason: errorMessage(error) };
    }
  }

  /** The files of a folder that could be opened, by path. */
  opened(folder: string): readonly OpenedFile[] {
    return (this.#opened.get(folder) ?? []).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }

  #remember({ path, folder }: RemoteFile, size: number, content: MemoryContent | RemoteContent): void {
    if (folder === '') return;
    const isKept = content.kind === 'memory' && size <= KEPT_FILE && TEXT_NAME.test(path) && this.#kept + size <= KEPT_TOTAL;
    if (isKept) this.#kept += size;
    const files = this.#opened.get(folder) ?? [];
    files.push({ path, size, content: isKept ? content : undefined });
    this.#opened.set(folder, files);
  }
}
