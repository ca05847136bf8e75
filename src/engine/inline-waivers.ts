import type { Finding } from '../core/finding.ts';
import { type InlineWaiver, parseInlineWaivers } from '../policy/waivers/inline.ts';
import { isFileError } from './file-error.ts';
import { openFile } from './file-source.ts';
import type { WalkedFile } from './walk.ts';

/** Names of files whose format has comments that waivers can stand in. */
const COMMENTED = /(\.(py|ya?ml|jinja2?|j2|toml|cfg|ini|sh|txt)|(^|\/)(MLmodel|Dockerfile))$/i;
/** Why: waivers stand in files that people write, and people do not write files this large. */
const READ_BYTES = 4 * 1024 * 1024;

/** Reads the waivers in comments of those files that have findings. Call it only when the user trusts the scanned folder. */
export function readInlineWaivers(files: readonly WalkedFile[], findings: readonly Finding[]): InlineWaiver[] {
  const concerned = new Set(findings.map((finding) => finding.location.path));
  return files.flatMap(({ path, absolute, size }) => {
    if (!concerned.has(path) || !COMMENTED.test(path) || size > READ_BYTES) return [];
    return parseInlineWaivers(path, readText(absolute));
  });
}

/** The text of a file; empty when it has vanished since: what cannot be read waives nothing. */
function readText(absolute: string | Uint8Array): string {
  try {
    const file = openFile(absolute);
    try {
      return new TextDecoder().decode(file.source.read(0, READ_BYTES));
    } finally {
      file.close();
    }
  } catch (error) {
    if (isFileError(error)) return '';
    throw error;
  }
}
