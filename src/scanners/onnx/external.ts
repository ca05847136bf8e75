import type { ExternalEntry } from '../../formats/onnx/tensor.ts';

/** Keys that the specification and ONNX Runtime give a meaning. */
const KNOWN_KEYS = /^(?:location|offset|length|checksum|basepath|prepacked_\d+)$/;

/** The keys of a tensor's external data that no specification knows. Why: CVE-2026-34445, the loader sets each as an attribute. */
export function unknownKeys(entries: readonly ExternalEntry[]): string[] {
  return [...new Set(entries.map((entry) => entry.key).filter((key) => !KNOWN_KEYS.test(key)))];
}

/** What is wrong with an offset or a length, or undefined. */
export function badNumber({ key, value }: ExternalEntry): string | undefined {
  if (key !== 'offset' && key !== 'length') return undefined;
  if (/^\d{1,15}$/.test(value)) return undefined;
  return `${key} is not a plain number`;
}

/** The tag by which ONNX Runtime marks data in its own memory: the offset is then used as an address. */
const MEMORY_TAG = '_ORT_MEM_ADDR_';

/**
 * Why a path inside a model leads outside of the model's folder, or undefined. Both separators count, whatever the host:
 * a model made for Windows must not pass on Linux.
 */
export function escapeOf(path: string): string | undefined {
  if (path.includes('\0')) return 'contains a NUL byte';
  if (path.includes(MEMORY_TAG)) return 'names process memory';
  if (/^[A-Za-z]:/.test(path)) return 'is an absolute Windows path';
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(path) || /^(?:file|data):/i.test(path)) return 'is a URL';
  if (/^[\\/]/.test(path)) return 'is an absolute path';
  if (path.startsWith('~')) return 'leads to a home folder';
  if (path.split(/[\\/]/).includes('..')) return 'leads out of the folder of the model';
  return undefined;
}
