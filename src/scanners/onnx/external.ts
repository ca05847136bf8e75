import { escapeOf } from '../../formats/path/escape.ts';
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

/** Why a path inside a model must not be opened, or undefined. */
export function badLocation(path: string): string | undefined {
  return path.includes(MEMORY_TAG) ? 'names process memory' : escapeOf(path);
}
